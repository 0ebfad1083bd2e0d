namespace S3Proxy.Coalescing.Batching;

/// <summary>
/// Hears what a batcher does, for metrics and tests. Calls come from any thread, outside the batcher's lock, and must neither block nor throw. The default
/// does nothing.
/// </summary>
public abstract class BatchObserver
{
    /// <summary>A batch is about to be sent: one round trip.</summary>
    /// <param name="lane">Its lane.</param>
    /// <param name="requests">Requests in it.</param>
    /// <param name="oldestWaited">How long the oldest of them has waited for its batch to leave; zero in an idle lane.</param>
    public virtual void OnSent(int lane, int requests, TimeSpan oldestWaited)
    {
    }

    /// <summary>A batch has come back, its callers not yet told.</summary>
    /// <param name="lane">Its lane.</param>
    /// <param name="requests">Requests in it.</param>
    /// <param name="roundTrip">How long it was in flight.</param>
    /// <param name="failure">What the send delegate threw; null when it returned.</param>
    public virtual void OnReturned(int lane, int requests, TimeSpan roundTrip, Exception? failure)
    {
    }

    /// <summary>A request was refused because of <see cref="BatcherOptions.MaxBatchItems"/>.</summary>
    public virtual void OnRefused()
    {
    }

    /// <summary>A result came for a caller who had left, and was given to the orphan delegate.</summary>
    /// <param name="failure">What the orphan delegate threw; null when it returned.</param>
    public virtual void OnOrphaned(Exception? failure)
    {
    }
}
