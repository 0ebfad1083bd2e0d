namespace S3Proxy.Coalescing;

/// <summary>Starts work that belongs to no caller: on a scheduler, and outside the caller's execution context.</summary>
public static class FetchStart
{
    /// <summary>Queues <paramref name="work"/>. Never runs it on the calling thread before returning, unless the scheduler does.</summary>
    public static void Queue<TState>(Action<TState> work, TState state, TaskScheduler scheduler)
    {
        ArgumentNullException.ThrowIfNull(work);
        ArgumentNullException.ThrowIfNull(scheduler);
        if (ReferenceEquals(scheduler, TaskScheduler.Default))
        {
            ThreadPool.UnsafeQueueUserWorkItem(work, state, preferLocal: false);
            return;
        }

        // The client's context, its activity among others, must not live on in a fetch that outlives the client.
        using AsyncFlowControl? flow = ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow();
        Task.Factory.StartNew(() => work(state), CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler);
    }
}
