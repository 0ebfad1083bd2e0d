namespace S3Proxy.Coalescing;

/// <summary>Waits for signals: tasks that end well, whose sources run continuations asynchronously.</summary>
public static class SignalWait
{
    /// <summary>
    /// Completes when <paramref name="signal"/> has come, or as cancelled when <paramref name="cancellationToken"/> is, which ends this wait alone.
    /// The wake is queued to the scheduler of the caller.
    /// </summary>
    /// <remarks>
    /// <see cref="Task.WaitAsync(CancellationToken)"/> does the same, but such a signal wakes it on the thread pool wherever the caller runs; a test that decides
    /// every interleaving would lose its hold there.
    /// </remarks>
    public static Task UntilAsync(Task signal, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(signal);
        return signal.ContinueWith(static _ => { }, cancellationToken, TaskContinuationOptions.None, TaskScheduler.Current);
    }
}
