using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;
using S3Proxy.Native;

namespace S3Proxy.Transport.Loops;

/// <summary>
/// Input of a client connection that receives when somebody reads: on the thread that heard of the bytes, into one array that goes back to its pool when they are consumed. A client that sends more than is read
/// is held back by its own socket.
/// </summary>
/// <remarks>
/// <para>Used as any <see cref="PipeReader"/>, by one reader at a time. <see cref="Tell"/>, <see cref="Fail"/> and <see cref="CancelPendingRead"/> are thread-safe, and so is <see cref="Complete"/> beside a read that was given up:
/// <c>_lock</c> keeps the one out of the other's receive. While a read waits, the loop's thread may do its work for it (<see cref="IInputTaker"/>): it holds the wait as long, so that nobody else is woken from it.</para>
/// <para>The loop tells changes, not states. A receive that did not fill its room took all there was, and whatever comes later is told; after one that did, and after the other side's end was told, the socket is asked again.</para>
/// </remarks>
internal sealed class SocketPipeReader : PipeReader
{
    /// <summary>Reads and receives without a wait between them, before others have their turn: requests that were sent without waiting for answers, or an upload as fast as memory.</summary>
    public const int TurnSteps = 64;

    private const int LeastRoomBytes = 4 * 1024;
    private const int MostRoomBytes = 64 * 1024;

    private readonly SafeHandle _socket;
    private readonly EventLoop _loop;
    private readonly Action _ended;
    private readonly Lock _lock = new();
    private readonly Readiness _readiness;
    private readonly InputSegment _segment = new();
    private byte[]? _array;
    private int _start;
    private int _examined;
    private int _end;
    private int _roomBytes = LeastRoomBytes;
    private int _steps;
    private bool _mayHaveMore;
    private bool _isEnded;
    private bool _isCompleted;
    private volatile bool _hasPeerEnded;
    private volatile bool _isReadCancelled;
    private volatile Exception? _failure;
    private volatile IInputTaker? _taker;

    /// <param name="socket">Connected.</param>
    /// <param name="loop">Tells of it.</param>
    /// <param name="isInline">True: who reads goes on on the loop's thread; false: on the pool.</param>
    /// <param name="ended">Called when there is nothing more to come.</param>
    public SocketPipeReader(SafeHandle socket, EventLoop loop, bool isInline, Action ended)
    {
        _socket = socket;
        _loop = loop;
        _ended = ended;
        _readiness = new Readiness(isInline);
    }

    /// <summary>The socket has something, or its end.</summary>
    /// <param name="hasPeerEnded">True when the other side sends no more.</param>
    public void Tell(bool hasPeerEnded)
    {
        if (hasPeerEnded)
        {
            _hasPeerEnded = true;
        }

        if (_taker is not null && !_hasPeerEnded && _readiness.TryHold())
        {
            TakeHeld();
        }
        else
        {
            _readiness.Tell();
        }
    }

    /// <summary>
    /// Reads as <see cref="ReadAsync(CancellationToken)"/>, and lets <paramref name="taker"/> take what comes while the read waits: the read, and whoever awaits it, are not woken for it. Both are what a connection has of its own, and
    /// with hundreds of connections in no cache of the processor (docs/decisions/0028).
    /// </summary>
    /// <param name="taker">Who may take it; null for nobody.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask<ReadResult> ReadAsync(IInputTaker? taker, CancellationToken cancellationToken)
    {
        _taker = taker;
        return ++_steps <= TurnSteps && TryRead(out ReadResult result) ? new(result) : ReceiveAsync(cancellationToken);
    }

    /// <summary>Fails this and all later reads with <paramref name="reason"/>, if none has failed before.</summary>
    public void Fail(Exception reason)
    {
        Interlocked.CompareExchange(ref _failure, reason, null);
        _readiness.Interrupt();
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) => ReadAsync(taker: null, cancellationToken);

    public override bool TryRead(out ReadResult result)
    {
        ThrowIfCompleted();
        if (_failure is { } failure)
        {
            // Before all else: bytes of which nobody knows what became are never shown.
            ExceptionDispatchInfo.Throw(failure);
        }

        if (_isReadCancelled)
        {
            _isReadCancelled = false;
            result = Result(isCanceled: true);
            return true;
        }

        bool hasNews = _examined < _end || _isEnded;
        result = hasNews ? Result(isCanceled: false) : default;
        return hasNews;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        ThrowIfCompleted();
        if (_start == _end)
        {
            return;
        }

        int consumedTo = consumed.GetInteger();
        int examinedTo = examined.GetInteger();
        if (consumed.GetObject() != _segment || examined.GetObject() != _segment || consumedTo < _start || examinedTo < consumedTo || examinedTo > _end)
        {
            throw new InvalidOperationException("The position is not one of what was read last.");
        }

        _start = consumedTo;
        _examined = examinedTo;
        if (_start == _end)
        {
            Release();
        }
    }

    public override void CancelPendingRead()
    {
        _isReadCancelled = true;
        _readiness.Interrupt();
    }

    public override void Complete(Exception? exception = null)
    {
        lock (_lock)
        {
            if (_isCompleted)
            {
                return;
            }

            // The array is left to the collector: who has given a read up may still look at what it brought.
            _isCompleted = true;
            _array = null;
            _start = 0;
            _examined = 0;
            _end = 0;
        }

        _readiness.Interrupt();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> ReceiveAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration interruption = cancellationToken.UnsafeRegister(static readiness => ((Readiness)readiness!).Interrupt(), _readiness);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_steps > TurnSteps)
            {
                _steps = 0;
                await _loop.NextTurn();
            }

            if (TryRead(out ReadResult result))
            {
                return result;
            }

            if (_mayHaveMore)
            {
                _steps++;
                Receive();
            }
            else
            {
                await WaitAsync();
            }
        }
    }

    /// <summary>Begins to wait. From the moment it does, all that is here is the loop's, which may hold the wait: nothing is written after.</summary>
    private ValueTask WaitAsync()
    {
        int steps = _steps;
        _steps = 0;
        _mayHaveMore = true;
        ValueTask wait = _readiness.WaitAsync();
        if (wait == default)
        {
            // It did not wait.
            _steps = steps;
        }

        return wait;
    }

    /// <summary>On the loop's thread, in the place of the read that waits.</summary>
    private void TakeHeld()
    {
        bool mayWaitOn = false;
        try
        {
            mayWaitOn = TryTake();
        }
#pragma warning disable CA1031 // Whoever waits hears of it; nobody else would.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Interlocked.CompareExchange(ref _failure, failure, null);
        }

        if (mayWaitOn)
        {
            _readiness.WaitOn();
        }
        else
        {
            _readiness.Wake();
        }
    }

    /// <summary>True when all that has come was taken, and the socket has nothing more for now.</summary>
    private bool TryTake()
    {
        if (_start < _end || IsInterrupted || _taker is not { } taker)
        {
            return false;
        }

        Receive();
        bool mayGoOn = true;
        int step = 0;
        while (_start < _end && mayGoOn)
        {
            mayGoOn = false;
            int taken = step < TurnSteps && !IsInterrupted ? taker.Take(Received(), out mayGoOn) : 0;
            if (taken > 0)
            {
                SequencePosition position = new(_segment, _start + taken);
                AdvanceTo(position, position);
                step++;
            }
        }

        if (mayGoOn && !_mayHaveMore && !_isEnded && !IsInterrupted)
        {
            _mayHaveMore = true;
            return true;
        }

        // Whoever goes on does so in the same turn.
        _steps = step;
        return false;
    }

    /// <summary>What is there; under the lock, as somebody may complete the input beside a read that was given up.</summary>
    private ReadOnlySpan<byte> Received()
    {
        lock (_lock)
        {
            ThrowIfCompleted();
            return _array.AsSpan(_start, _end - _start);
        }
    }

    private void Receive()
    {
        // Before the receive: an end that is told later may be of bytes that come later.
        bool hasPeerEnded = _hasPeerEnded;
        lock (_lock)
        {
            ThrowIfCompleted();
            Span<byte> room = Room();
            int received = SocketInput.TryReceive(_socket, room);
            if (received > 0)
            {
                Take(received, room.Length, hasPeerEnded);
                return;
            }

            _mayHaveMore = false;
            if (received == SocketInput.Failed)
            {
                Interlocked.CompareExchange(ref _failure, new ConnectionResetException("The client has broken its connection off."), null);
            }

            _isEnded = received == 0;
            if (_start == _end)
            {
                Release();
            }

            if (received == SocketInput.Nothing)
            {
                return;
            }
        }

        _ended();
    }

    private void Take(int received, int roomBytes, bool hasPeerEnded)
    {
        _end += received;
        bool wasFull = received == roomBytes;
        _mayHaveMore = wasFull || hasPeerEnded;
        if (wasFull)
        {
            _roomBytes = Math.Min(2 * _roomBytes, MostRoomBytes);
        }
        else if (received < _roomBytes / 4)
        {
            _roomBytes = Math.Max(_roomBytes / 2, LeastRoomBytes);
        }

        if (!wasFull && hasPeerEnded)
        {
            // These were the last: whoever answers them is told, as nobody may read the end itself before. Not at once: what is answered from memory is answered first.
            _loop.Queue(_ended);
        }
    }

    /// <summary>Room behind the bytes that are there, at least for one.</summary>
    private Span<byte> Room()
    {
        if (_array is null)
        {
            _array = ArrayPool<byte>.Shared.Rent(_roomBytes);
        }
        else if (_end == _array.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(2 * (_end - _start), _roomBytes));
            _array.AsSpan(_start, _end - _start).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_array);
            _array = larger;
            _end -= _start;
            _examined -= _start;
            _start = 0;
        }

        return _array.AsSpan(_end);
    }

    private bool IsInterrupted => _failure is not null || _isReadCancelled;

    private ReadResult Result(bool isCanceled) =>
        new(_array is null ? default : _segment.Of(_array, _start, _end), isCanceled, _isEnded);

    private void Release()
    {
        _start = 0;
        _examined = 0;
        _end = 0;
        if (_array is { } array)
        {
            _array = null;
            ArrayPool<byte>.Shared.Return(array);
        }
    }

    private void ThrowIfCompleted()
    {
        if (_isCompleted)
        {
            throw new InvalidOperationException("The input was completed.");
        }
    }
}
