using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;
using S3Proxy.Caching.Memory;
using S3Proxy.Native;
using S3Proxy.Transport.Loops;

namespace S3Proxy.Transport;

/// <summary>
/// Output of a client connection that goes to the socket itself, on the thread that flushes: what the socket takes at once needs no other thread, and pages
/// of the memory tier go without a copy here. What it does not take waits, as a copy.
/// </summary>
/// <remarks>
/// <para>Used as any <see cref="PipeWriter"/>, by one writer at a time; Kestrel sees to that. <see cref="Tell"/> and <see cref="Interrupt"/> are thread-safe. <c>_lock</c> protects who gives the
/// buffer back: a flush that is under way, or <see cref="Complete"/>.</para>
/// <para>A flush ends when the socket has taken everything, so the time that Kestrel gives a write, and its minimum data rate, bear on the client. A write that
/// fails, or a flush that is cancelled with a part of it sent, aborts the connection: nothing can follow it.</para>
/// </remarks>
internal sealed class DirectPipeWriter : PipeWriter, IPageOutput
{
    /// <summary>Fewer bytes are cheaper to copy behind the headers than to send by a call of their own.</summary>
    public const int MinBytes = 16 * 1024;

    private readonly Lock _lock = new();
    private readonly OutputBuffer _buffer = new();
    private readonly ConnectionContext _connection;
    private readonly SafeHandle _socket;
    private readonly EventLoop _loop;
    private readonly Readiness _readiness;
    private readonly bool _mayRefer;
    private BytePieces _offered;
    private bool _moreFollows;
    private int _sentBytes;
    private bool _isFlushing;
    private bool _isCompleted;
    private bool _hasEnded;
    private volatile bool _hasFailed;
    private volatile bool _isFlushCancelled;

    /// <param name="connection">The connection; aborted when a write fails.</param>
    /// <param name="socket">Its socket, which does not block.</param>
    /// <param name="loop">Tells of it.</param>
    /// <param name="isInline">True: a flush goes on on the loop's thread after it waited; false: on the pool.</param>
    /// <param name="mayRefer">True when the socket may refer to a page instead of copying it, where that pays.</param>
    public DirectPipeWriter(ConnectionContext connection, SafeHandle socket, EventLoop loop, bool isInline, bool mayRefer)
    {
        _connection = connection;
        _socket = socket;
        _loop = loop;
        _readiness = new Readiness(isInline);
        _mayRefer = mayRefer;
    }

    /// <summary>
    /// Sends an answer as a whole, while nobody else writes and nothing is unsent: what the socket takes now goes from where it lies, the rest is copied. Ends when the socket has taken everything, or has failed; the
    /// caller holds the bytes no longer than this call. Beside <see cref="Complete"/> it is safe, and sends nothing after it.
    /// </summary>
    /// <param name="head">The beginning, at least one byte.</param>
    /// <param name="pieces">What follows it, none empty.</param>
    public ValueTask<FlushResult> SendAsync(ReadOnlySpan<byte> head, ReadOnlySpan<ReadOnlyMemory<byte>> pieces)
    {
        lock (_lock)
        {
            if (_isFlushing || _buffer.Length > 0)
            {
                throw new InvalidOperationException("Something else is being sent.");
            }

            AnswerBytes = head.Length;
            foreach (ReadOnlyMemory<byte> piece in pieces)
            {
                AnswerBytes += piece.Length;
            }

            if (IsOver || TrySendWhole(head, pieces))
            {
                return new(new FlushResult(isCanceled: false, IsOver));
            }

            _isFlushing = true;
        }

        return SendRestAsync(CancellationToken.None);
    }

    /// <summary>False while bytes that were written are not with the socket; otherwise <see cref="SendAsync"/> sends nothing any more, so that the socket may be closed in order. Thread-safe.</summary>
    public bool TryEnd()
    {
        lock (_lock)
        {
            _hasEnded |= !_isFlushing && _buffer.Length == 0;
            return _hasEnded;
        }
    }

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _buffer.Length;

    /// <summary>True while bytes that were written are not with the socket. Thread-safe.</summary>
    public bool HasUnsent
    {
        get
        {
            lock (_lock)
            {
                return _isFlushing || _buffer.Length > 0;
            }
        }
    }

    /// <summary>Bytes of the answer that <see cref="SendAsync"/> was given last; for its caller.</summary>
    public int AnswerBytes { get; private set; }

    /// <summary>True when nothing is sent any more: the connection has failed, or somebody has ended the output.</summary>
    public bool IsOver => _isCompleted || _hasFailed || _hasEnded;

    /// <summary>The socket has room, or takes nothing any more.</summary>
    public void Tell() => _readiness.Tell();

    /// <summary>The connection was aborted: whoever waits for room is to find out.</summary>
    public void Interrupt() => _readiness.Interrupt();

    /// <inheritdoc/>
    public bool CanSend(int bytes) => bytes >= MinBytes;

    /// <inheritdoc/>
    public int TrySend(PipeWriter body, in BytePieces pieces, bool moreFollows)
    {
        _moreFollows = moreFollows;
        _offered = pieces;
        try
        {
            if (!SentMemory.Is(body.GetMemory()))
            {
                return 0;
            }
        }
        finally
        {
            // The caller holds the bytes no longer than this call: whatever comes of it, none of them may be sent later.
            _offered = default;
        }

        int sent = _sentBytes;
        body.Advance(sent);
        return sent;
    }

    /// <inheritdoc/>
    public LoopTurn NextTurn() => _loop.NextTurn();

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        ThrowIfBusy();
        if (_offered.Bytes > 0 && TrySendOffered())
        {
            return SentMemory.Of(_sentBytes);
        }

        return _buffer.GetMemory(sizeHint);
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        if (_sentBytes == 0)
        {
            _buffer.Advance(bytes);
            return;
        }

        if (bytes != _sentBytes)
        {
            Fail();
            throw new InvalidOperationException($"{_sentBytes} bytes were sent from a page, and {bytes} counted.");
        }

        _sentBytes = 0;
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfBusy();
        if (!_hasFailed && !TrySendBuffered(moreFollows: false) && !_hasFailed)
        {
            return SendRestAsync(cancellationToken);
        }

        if (_hasFailed)
        {
            _buffer.Clear();
        }

        return new(Result());
    }

    /// <summary>The flush that is under way, or else the next one, tells that it was cancelled; its bytes are sent all the same.</summary>
    public override void CancelPendingFlush() => _isFlushCancelled = true;

    public override void Complete(Exception? exception = null)
    {
        lock (_lock)
        {
            if (_isCompleted)
            {
                return;
            }

            _isCompleted = true;
            if (!_isFlushing)
            {
                _buffer.Clear();
            }
        }
    }

    private void ThrowIfBusy()
    {
        if (_isFlushing || _isCompleted)
        {
            throw new InvalidOperationException(_isCompleted ? "The output was completed." : "A flush is under way.");
        }
    }

    private FlushResult Result()
    {
        bool isCancelled = _isFlushCancelled;
        if (isCancelled)
        {
            _isFlushCancelled = false;
        }

        return new FlushResult(isCancelled, _hasFailed);
    }

    /// <summary>Sends what is offered, as far as the socket takes it. False when that is nothing.</summary>
    private bool TrySendOffered()
    {
        if (_hasFailed)
        {
            return false;
        }

        // The headers, which lie in one piece, go by the same call.
        ReadOnlyMemory<byte> head = _buffer.Peek();
        if (head.Length < _buffer.Length)
        {
            if (!TrySendBuffered(moreFollows: true))
            {
                return false;
            }

            head = default;
        }

        int sent = Page.TrySend(head.Span, _offered.All, _socket, _mayRefer, _moreFollows);
        if (sent < 0)
        {
            Fail();
            return false;
        }

        int sentOfHead = Math.Min(sent, head.Length);
        _buffer.Consume(sentOfHead);
        _sentBytes = sent - sentOfHead;
        return _sentBytes > 0;
    }

    /// <summary>Sends what the socket takes and buffers the rest. True when nothing is left to send.</summary>
    private bool TrySendWhole(ReadOnlySpan<byte> head, ReadOnlySpan<ReadOnlyMemory<byte>> pieces)
    {
        int sent = pieces.IsEmpty ? SocketOutput.TrySend(_socket, head, moreFollows: false) : Page.TrySend(head, pieces, _socket, _mayRefer, moreFollows: false);
        if (sent < 0)
        {
            Fail();
            return true;
        }

        Keep(head, ref sent);
        foreach (ReadOnlyMemory<byte> piece in pieces)
        {
            Keep(piece.Span, ref sent);
        }

        return _buffer.Length == 0;
    }

    /// <summary>Buffers what lies behind the first <paramref name="sent"/> bytes, and takes those it has from them.</summary>
    private void Keep(ReadOnlySpan<byte> bytes, ref int sent)
    {
        int skipped = Math.Min(sent, bytes.Length);
        sent -= skipped;
        if (skipped < bytes.Length)
        {
            ReadOnlySpan<byte> rest = bytes[skipped..];
            rest.CopyTo(_buffer.GetMemory(rest.Length).Span);
            _buffer.Advance(rest.Length);
        }
    }

    /// <summary>Sends what is buffered, as far as the socket takes it. True when nothing is left.</summary>
    private bool TrySendBuffered(bool moreFollows)
    {
        while (_buffer.Length > 0)
        {
            ReadOnlyMemory<byte> bytes = _buffer.Peek();
            int sent = SocketOutput.TrySend(_socket, bytes.Span, moreFollows || bytes.Length < _buffer.Length);
            if (sent < 0)
            {
                Fail();
                return false;
            }

            if (sent == 0)
            {
                return false;
            }

            _buffer.Consume(sent);
        }

        return true;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<FlushResult> SendRestAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _isFlushing = true;
        }

        try
        {
            using CancellationTokenRegistration interruption = cancellationToken.UnsafeRegister(static readiness => ((Readiness)readiness!).Interrupt(), _readiness);
            while (!TrySendBuffered(moreFollows: false) && !_hasFailed)
            {
                await _readiness.WaitAsync();
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException)
        {
            Fail();
            throw;
        }
        finally
        {
            EndFlush();
        }

        return Result();
    }

    private void EndFlush()
    {
        lock (_lock)
        {
            _isFlushing = false;
            if (_isCompleted || _hasFailed)
            {
                _buffer.Clear();
            }
        }
    }

    private void Fail()
    {
        if (!_hasFailed)
        {
            _hasFailed = true;
            _connection.Abort(new ConnectionAbortedException("The client's socket does not take its answer."));
        }
    }
}
