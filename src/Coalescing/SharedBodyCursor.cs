using System.Threading.Tasks.Sources;

namespace S3Proxy.Coalescing;

/// <summary>
/// One reader's position in a <see cref="SharedBody"/>, movable to the next body. While it is pinned it keeps the body's memory. Used by one
/// reader at a time; one wait at a time; moving, parking and waiting allocate nothing.
/// </summary>
public sealed class SharedBodyCursor : IDisposable, IValueTaskSource<SharedBodyStatus>
{
    private SharedBody? _body;
    private ManualResetValueTaskSourceCore<SharedBodyStatus> _wait = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _cancellation;
    private SharedBodyCursor? _previous;
    private bool _isPinned;

    /// <summary>Byte of the body that is read next.</summary>
    public int Offset { get; private set; }

    internal SharedBodyCursor? Next { get; private set; }

    internal bool IsLinked { get; set; }

    private SharedBody Pinned => _isPinned ? _body! : throw new InvalidOperationException("The cursor holds no body's memory.");

    /// <summary>
    /// Leaves the body it was on and pins <paramref name="body"/> at <paramref name="offset"/>; false, and on no body, when that memory has been
    /// given back or the offset is beyond it.
    /// </summary>
    public bool TryMoveTo(SharedBody body, int offset)
    {
        ArgumentNullException.ThrowIfNull(body);
        Dispose();
        _body = null;
        if ((uint)offset > (uint)body.Length || !body.TryAddReference())
        {
            return false;
        }

        _body = body;
        _isPinned = true;
        Offset = offset;
        return true;
    }

    /// <summary>Gives the memory up but keeps the position, for a reader that is about to wait for its client.</summary>
    public void Park()
    {
        if (_isPinned)
        {
            _isPinned = false;
            _body!.Release();
        }
    }

    /// <summary>Pins the memory again after <see cref="Park"/>; false when it is gone and the reader has to look for the bytes elsewhere.</summary>
    public bool TryUnpark() => _isPinned || (_body is not null && (_isPinned = _body.TryAddReference()));

    /// <summary>The bytes that can be read now, as far as they lie together; empty when the reader has to wait or the body has ended.</summary>
    public ReadOnlyMemory<byte> Peek() => Pinned.Peek(Offset);

    /// <summary>The bytes that can be read now, in as many pieces as they lie in and <paramref name="pieces"/> has room for.</summary>
    /// <param name="pieces">Gets the pieces, in their order.</param>
    /// <param name="atMost">Bytes beyond which nothing is shown.</param>
    /// <param name="bytes">Sum of the pieces' lengths.</param>
    /// <returns>How many pieces there are; 0 when <see cref="Peek()"/> would show nothing.</returns>
    public int Peek(Span<ReadOnlyMemory<byte>> pieces, long atMost, out int bytes)
    {
        SharedBody body = Pinned;
        int count = 0;
        bytes = 0;
        while (count < pieces.Length && bytes < atMost && body.Peek(Offset + bytes) is { IsEmpty: false } piece)
        {
            pieces[count] = piece[..(int)Math.Min(piece.Length, atMost - bytes)];
            bytes += pieces[count++].Length;
        }

        return count;
    }

    /// <summary>How many bytes can be read now, wherever they lie.</summary>
    public int Available => Pinned.Watermark - Offset;

    /// <summary>Moves on by <paramref name="bytes"/> of what <see cref="Peek()"/> showed.</summary>
    public void Advance(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, Pinned.Watermark - Offset);
        Offset += bytes;
    }

    /// <summary>
    /// Waits until there is something to read or the body has ended. Holds the body's memory; is woken by the writer, by the end of the body
    /// whatever its reason, or by <paramref name="cancellationToken"/>. Woken readers go on on the thread pool, never on the writer's thread.
    /// </summary>
    /// <exception cref="OperationCanceledException">The token was cancelled; the position is unchanged.</exception>
    public ValueTask<SharedBodyStatus> WaitAsync(CancellationToken cancellationToken)
    {
        SharedBody body = Pinned;
        if (body.StatusAt(Offset) is { } ready)
        {
            return new(ready);
        }

        cancellationToken.ThrowIfCancellationRequested();
        _wait.Reset();
        short version = _wait.Version;
        if (body.EnqueueOrStatus(this) is { } status)
        {
            return new(status);
        }

        _cancellation = cancellationToken.UnsafeRegister(static (cursor, token) => ((SharedBodyCursor)cursor!).Cancel(token), this);
        return new ValueTask<SharedBodyStatus>(this, version);
    }

    /// <summary>Gives the body's memory up. Idempotent; not while a wait is pending.</summary>
    public void Dispose() => Park();

    SharedBodyStatus IValueTaskSource<SharedBodyStatus>.GetResult(short token)
    {
        _cancellation.Dispose();
        _cancellation = default;
        return _wait.GetResult(token);
    }

    ValueTaskSourceStatus IValueTaskSource<SharedBodyStatus>.GetStatus(short token) => _wait.GetStatus(token);

    void IValueTaskSource<SharedBodyStatus>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _wait.OnCompleted(continuation, state, token, flags);

    /// <summary>Wakes a chain of cursors that were taken out of their body's list; each hears exactly one thing.</summary>
    internal static void WakeAll(SharedBodyCursor? first, SharedBodyStatus status)
    {
        for (SharedBodyCursor? cursor = first; cursor is not null;)
        {
            // The link is read before the wake: a woken cursor may wait again at once.
            SharedBodyCursor? next = cursor.Next;
            cursor.Next = null;
            cursor._previous = null;
            cursor._wait.SetResult(status);
            cursor = next;
        }
    }

    internal void LinkUnderLock(ref SharedBodyCursor? first)
    {
        Next = first;
        _previous = null;
        if (first is not null)
        {
            first._previous = this;
        }

        first = this;
        IsLinked = true;
    }

    internal bool UnlinkUnderLock(ref SharedBodyCursor? first)
    {
        if (!IsLinked)
        {
            return false;
        }

        if (_previous is null)
        {
            first = Next;
        }
        else
        {
            _previous.Next = Next;
        }

        if (Next is not null)
        {
            Next._previous = _previous;
        }

        Next = null;
        _previous = null;
        IsLinked = false;
        return true;
    }

    private void Cancel(CancellationToken token)
    {
        if (_body!.TryDequeue(this))
        {
            _wait.SetException(new OperationCanceledException(token));
        }
    }
}
