using System.Threading.Tasks.Sources;

namespace S3Proxy.Transport.Loops;

/// <summary>
/// Whether one direction of a socket may have changed since somebody looked, and the wait for that. It promises nothing: whoever was woken asks the socket, and waits again.
/// </summary>
/// <remarks>One waits at a time; <see cref="Tell"/> and <see cref="Interrupt"/> may be called at any time, and none is lost. Waiting allocates nothing.</remarks>
/// <param name="isInline">True: who waits goes on where <see cref="Tell"/> was called; false: on the pool.</param>
internal sealed class Readiness(bool isInline) : IValueTaskSource, IThreadPoolWorkItem
{
    private const int Quiet = 0;
    private const int Told = 1;
    private const int Waiting = 2;

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

        if (Volatile.Read(ref _state) == Waiting)
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

    void IThreadPoolWorkItem.Execute() => _source.SetResult(true);

    void IValueTaskSource.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    /// <summary>True, once for each wait, when somebody waits and is to be woken by the caller.</summary>
    private bool IsAnybodyWoken()
    {
        // Exchanges and no plain reads: what the caller has noted before is seen by whoever sees the state.
        while (Interlocked.CompareExchange(ref _state, Told, Quiet) == Waiting)
        {
            if (Interlocked.CompareExchange(ref _state, Quiet, Waiting) == Waiting)
            {
                return true;
            }
        }

        return false;
    }
}
