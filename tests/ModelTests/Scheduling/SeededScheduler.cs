namespace S3Proxy.ModelTests.Scheduling;

/// <summary>
/// A scheduler of one thread on which a seed decides what runs next: what is queued waits in a list until the driver takes a step, and each step runs
/// one task to its next wait.
/// </summary>
/// <remarks>
/// The thread that makes it drives it. A task queued from any other thread has escaped: some continuation ran where no seed decides anything. It is
/// counted, and the model fails for it.
/// </remarks>
internal sealed class SeededScheduler : TaskScheduler
{
    private readonly ModelRandom _random;
    private readonly List<Task> _runnable = [];
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private int _escapes;

    public SeededScheduler(ulong seed) => _random = new ModelRandom(seed);

    /// <inheritdoc/>
    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Tasks that could run now.</summary>
    public int Runnable => _runnable.Count;

    /// <summary>Steps taken so far.</summary>
    public long Steps { get; private set; }

    /// <summary>Tasks that came from another thread.</summary>
    public int Escapes => Volatile.Read(ref _escapes);

    /// <summary>Depends on every choice made so far: equal for two runs that went the same way.</summary>
    public ulong Trace { get; private set; } = 0xCBF29CE484222325;

    /// <summary>Runs one task of those that could run; false when there is none.</summary>
    public bool TryStep()
    {
        if (_runnable.Count == 0)
        {
            return false;
        }

        int index = _random.Below(_runnable.Count);
        Record((ulong)_runnable.Count << 32 | (uint)index);
        Task task = _runnable[index];
        _runnable.RemoveAt(index);
        Steps++;
        TryExecuteTask(task);
        return true;
    }

    /// <summary>Mixes something that happened into <see cref="Trace"/>.</summary>
    public void Record(ulong happened) => Trace = (Trace ^ happened) * 0x100000001B3;

    /// <summary>Starts <paramref name="work"/> as a task of this scheduler.</summary>
    public Task Start(Func<Task> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this).Unwrap();

    protected override void QueueTask(Task task)
    {
        if (Environment.CurrentManagedThreadId != _thread)
        {
            Interlocked.Increment(ref _escapes);
        }

        lock (_runnable)
        {
            _runnable.Add(task);
        }
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => _runnable;
}
