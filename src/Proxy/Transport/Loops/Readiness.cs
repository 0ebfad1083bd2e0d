using System.Threading.Tasks.Sources;

namespace S3Proxy.Transport.Loops;

/// <summary>
/// Whether one direction of a socket may have changed since somebody looked, and the wait for that. It promises nothing: whoever was woken asks the socket, and waits again.
/// </summary>
/// <remarks>
/// One waits at a time; <see cref="Tell"/> and <see cref="Interrupt"/> may be called at any time, and none is lost. Waiting allocates nothing. Whoever tells may hold the wait instead, and do the waiting one's work in its
/// place: <see cref="TryHold"/> lets one alone do so, and what is told meanwhile is heard when the hold ends.
/// </remarks>
/// <param name="isInline">True: who waits goes on where <see cref="Tell"/> was called; false: on the pool.</param>
internal sealed class Readiness(bool isInline) : IValueTaskSource, IThreadPoolWorkItem
{
    private const int Quiet = 0;
    private const int Told = 1;
    private const int Waiting = 2;
    private const int Held = 3;
    private const int HeldAndTold = 4;

    private ManualResetValueTaskSourceCore<bool> _source;
    private int _state;

    /// <summary>Ends when something has been told since the last wait ended.</summary>
    /// <exception cref="InvalidOperationException">Somebody waits already.</exception>
    public ValueTask WaitAsync()
    {
        if (Interlocked.CompareExchange(ref _state, Quiet, Told) == Told)
        {
            return default;
        }

        if (Volatile.Read(ref _state) >= Waiting)
        {
            throw new InvalidOperationException("Somebody waits for this socket already.");
        }

        _source.Reset();
        ValueTask wait = new(this, _source.Version);
        if (Interlocked.CompareExchange(ref _state, Waiting, Quiet) == Told)
        {
            Interlocked.Exchange(ref _state, Quiet);
            return default;
        }

        return wait;
    }

    /// <summary>Something has changed.</summary>
    public void Tell()
    {
        if (!IsAnybodyWoken())
        {
            return;
        }

        if (isInline)
        {
            _source.SetResult(true);
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    /// <summary>Wakes who waits, or waits next, to look at something else than the socket; always on the pool, as it may be called anywhere.</summary>
    public void Interrupt()
    {
        if (IsAnybodyWoken())
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    /// <summary>True when somebody waits: it goes on waiting until the caller says what comes of it, and what it uses while it does not wait is the caller's as long.</summary>
    public bool TryHold() => isInline && Interlocked.CompareExchange(ref _state, Held, Waiting) == Waiting;

    /// <summary>Ends a hold: who waited waits on, unless something was told meanwhile. On the caller's thread, which is that of <see cref="Tell"/>.</summary>
    public void WaitOn()
    {
        if (Interlocked.CompareExchange(ref _state, Waiting, Held) != Held)
        {
            Wake();
        }
    }

    /// <summary>Ends a hold: who waited goes on now, on the caller's thread.</summary>
    public void Wake()
    {
        Interlocked.Exchange(ref _state, Quiet);
        _source.SetResult(true);
    }

    void IThreadPoolWorkItem.Execute() => _source.SetResult(true);

    void IValueTaskSource.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    /// <summary>True, once for each wait, when somebody waits and is to be woken by the caller.</summary>
    private bool IsAnybodyWoken()
    {
        // Exchanges and no plain reads: what the caller has noted before is seen by whoever sees the state.
        while (true)
        {
            switch (Interlocked.CompareExchange(ref _state, Told, Quiet))
            {
                case Waiting when Interlocked.CompareExchange(ref _state, Quiet, Waiting) == Waiting:
                    return true;
                case Held when Interlocked.CompareExchange(ref _state, HeldAndTold, Held) == Held:
                case Quiet or Told or HeldAndTold:
                    return false;
            }
        }
    }
}
