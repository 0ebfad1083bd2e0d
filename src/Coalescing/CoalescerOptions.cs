namespace S3Proxy.Coalescing;

/// <summary>Options of a <see cref="RequestCoalescer{TKey,TResult}"/>. Immutable.</summary>
public sealed record CoalescerOptions
{
    /// <summary>
    /// How long an unfinished flight goes on after its last participant left, so that a client that reconnects finds it.
    /// Zero (the default) ends it at once.
    /// </summary>
    public TimeSpan Grace { get; init; } = TimeSpan.Zero;

    /// <summary>
    /// Where fetches run and waits go on. Default: the thread pool. Awaits inside this library stay on the scheduler they began on, so that a test with a
    /// scheduler of its own decides every interleaving.
    /// </summary>
    public TaskScheduler Scheduler { get; init; } = TaskScheduler.Default;

    /// <summary>
    /// Bound on finished flights kept in the table for their linger time. One more is dropped at once instead. Default 16,384.
    /// </summary>
    public int MaxLingering { get; init; } = 16_384;
}
