namespace S3Proxy.Coalescing.Batching;

/// <summary>Options of a <see cref="Batcher{TRequest,TResult}"/>. Immutable.</summary>
public sealed record BatcherOptions
{
    /// <summary>False sends each request by itself at once, with no bound on how many are under way. Default: true.</summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>Requests in one batch, 1 or more. A full batch leaves as soon as there is a place in flight. Default 64.</summary>
    public int MaxBatchSize { get; init; } = 64;

    /// <summary>Requests that wait or are under way, over all lanes, 1 or more. One more is refused at once. Default 512.</summary>
    public int MaxBatchItems { get; init; } = 512;

    /// <summary>
    /// How long requests wait at most for a batch to fill while another of their lane is in flight and a further one could be. An idle lane never waits;
    /// with <see cref="MaxInFlight"/> of 1 the window plays no part. Zero waits for nothing. Default 1 ms.
    /// </summary>
    public TimeSpan BatchWindow { get; init; } = TimeSpan.FromMilliseconds(1);

    /// <summary>Batches of one lane in flight at once, 1 or more. Default 1.</summary>
    public int MaxInFlight { get; init; } = 1;

    /// <summary>
    /// Where batches are sent from when no caller's thread does it, and where their answers are given out. Default: the thread pool. A test with a scheduler of
    /// its own decides every interleaving.
    /// </summary>
    public TaskScheduler Scheduler { get; init; } = TaskScheduler.Default;

    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxBatchSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxBatchItems, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxInFlight, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchWindow, TimeSpan.Zero);
        ArgumentNullException.ThrowIfNull(Scheduler);
    }
}
