namespace S3Proxy.Coalescing.Tests;

/// <summary>Decision 0008: a wake goes to the scheduler the wait began on, and a cancelled wait ends alone.</summary>
public sealed class SignalWaitTests
{
    [Fact]
    public void A_signal_queues_its_waiter_on_the_waiters_scheduler_at_once()
    {
        // Task.WaitAsync comes back over the thread pool here, at a moment that no scheduler decides.
        TaskCompletionSource signal = new(TaskCreationOptions.RunContinuationsAsynchronously);
        QueueScheduler scheduler = new();
        TaskScheduler? wokenOn = null;
        Task.Factory.StartNew(
            async () =>
            {
                // The test runner's context would be gone on instead of the scheduler.
                SynchronizationContext.SetSynchronizationContext(null);
                await SignalWait.UntilAsync(signal.Task, CancellationToken.None);
                wokenOn = TaskScheduler.Current;
            },
            CancellationToken.None,
            TaskCreationOptions.None,
            scheduler);
        scheduler.RunAll();

        signal.SetResult();

        Assert.Equal(1, scheduler.Queued);
        Assert.Null(wokenOn);
        scheduler.RunAll();
        Assert.Same(scheduler, wokenOn);
    }

    [Fact]
    public async Task Cancellation_ends_one_wait_and_no_other()
    {
        TaskCompletionSource signal = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenSource cancelled = new();
        using CancellationTokenSource other = new();
        Task leaves = SignalWait.UntilAsync(signal.Task, cancelled.Token);
        Task stays = SignalWait.UntilAsync(signal.Task, other.Token);

        await cancelled.CancelAsync();

        OperationCanceledException error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaves);
        Assert.Equal(cancelled.Token, error.CancellationToken);
        Assert.False(stays.IsCompleted);
        signal.SetResult();
        await stays;
    }

    [Fact]
    public async Task A_signal_that_has_come_is_waited_for_by_nobody()
    {
        await SignalWait.UntilAsync(Task.CompletedTask, CancellationToken.None);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SignalWait.UntilAsync(new TaskCompletionSource().Task, new CancellationToken(canceled: true)));
    }

    /// <summary>Keeps tasks until it is told to run them, on the thread that tells it.</summary>
    private sealed class QueueScheduler : TaskScheduler
    {
        private readonly Queue<Task> _queue = new();

        public int Queued => _queue.Count;

        public void RunAll()
        {
            while (_queue.TryDequeue(out Task? task))
            {
                TryExecuteTask(task);
            }
        }

        protected override void QueueTask(Task task) => _queue.Enqueue(task);

        protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

        protected override IEnumerable<Task> GetScheduledTasks() => _queue;
    }
}
