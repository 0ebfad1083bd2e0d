namespace S3Proxy.ModelTests.Scheduling;

/// <summary>
/// Something to wait at until it is opened. Each wait has a completion of its own, so that waking it queues its continuation where it began, with no
/// detour over the thread pool.
/// </summary>
internal sealed class ModelGate
{
    private readonly Lock _lock = new();
    private readonly List<TaskCompletionSource> _waiting = [];
    private bool _isOpen;

    /// <summary>Waits until the gate is open or <paramref name="cancellationToken"/> is cancelled.</summary>
    public async Task PassAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        TaskCompletionSource passed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_isOpen)
            {
                return;
            }

            _waiting.Add(passed);
        }

        using CancellationTokenRegistration cancelled = cancellationToken.UnsafeRegister(static (waiting, token) => ((TaskCompletionSource)waiting!).TrySetCanceled(token), passed);
        await passed.Task;
    }

    /// <summary>Lets everyone pass, now and later.</summary>
    public void Open()
    {
        TaskCompletionSource[] waiting;
        lock (_lock)
        {
            _isOpen = true;
            waiting = [.. _waiting];
            _waiting.Clear();
        }

        foreach (TaskCompletionSource passed in waiting)
        {
            passed.TrySetResult();
        }
    }
}
