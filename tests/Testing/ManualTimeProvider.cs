namespace S3Proxy.Testing;

/// <summary>
/// A clock that moves only when a test says so. Timers fire inside <see cref="Advance"/>, on the caller's thread, in the order of their due
/// time and, where that is equal, of their arming. While a timer's callback runs the clock shows exactly its due time. A timer armed with a
/// due time of zero fires at once on the thread pool, as the system's timers do.
/// </summary>
/// <remarks>
/// Thread-safe. <see cref="Advance"/> may be called from several threads and from a callback: the distances add up. The lock protects every
/// field; it is never held while a callback runs.
/// </remarks>
public sealed partial class ManualTimeProvider : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly SortedSet<ManualTimer> _armed = new(ManualTimer.DueOrder);
    private readonly List<(int Count, TaskCompletionSource Completion)> _timerWaiters = [];
    private readonly DateTimeOffset _start;
    private long _elapsedTicks;
    private long _targetTicks;
    private long _lastArming;

    /// <summary>A clock that stands at 2026-01-01T00:00:00Z.</summary>
    public ManualTimeProvider()
        : this(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero))
    {
    }

    /// <summary>A clock that stands at <paramref name="start"/>.</summary>
    public ManualTimeProvider(DateTimeOffset start) => _start = start.ToUniversalTime();

    /// <summary>Always UTC.</summary>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>Timestamps are ticks of 100 ns.</summary>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>How many timers wait for the clock.</summary>
    public int ArmedTimers
    {
        get
        {
            lock (_lock)
            {
                return _armed.Count;
            }
        }
    }

    public override DateTimeOffset GetUtcNow() => _start + TimeSpan.FromTicks(GetTimestamp());

    /// <summary>Ticks of 100 ns since this clock was made.</summary>
    public override long GetTimestamp()
    {
        lock (_lock)
        {
            return _elapsedTicks;
        }
    }

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        ManualTimer timer = new(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock and fires what falls due on the way, also timers that callbacks arm meanwhile.</summary>
    /// <param name="distance">Zero or more; going back is refused.</param>
    public void Advance(TimeSpan distance)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(distance, TimeSpan.Zero);
        lock (_lock)
        {
            _targetTicks = checked(_targetTicks + distance.Ticks);
        }

        while (TakeNextDue() is { } due)
        {
            due.Fire();
        }
    }

    /// <summary>
    /// Completes when at least <paramref name="count"/> timers are armed, so that a test knows that the code under test has begun to wait
    /// before it advances the clock.
    /// </summary>
    public Task WaitForTimersAsync(int count, CancellationToken cancellationToken = default)
    {
        TaskCompletionSource completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_armed.Count >= count)
            {
                return Task.CompletedTask;
            }

            _timerWaiters.Add((count, completion));
        }

        return completion.Task.WaitAsync(cancellationToken);
    }

    private ManualTimer? TakeNextDue()
    {
        lock (_lock)
        {
            ManualTimer? next = _armed.Min;
            if (next is null || next.DueTicks > _targetTicks)
            {
                _elapsedTicks = _targetTicks;
                return null;
            }

            _armed.Remove(next);
            _elapsedTicks = Math.Max(_elapsedTicks, next.DueTicks);
            if (next.PeriodTicks is { } periodTicks)
            {
                Arm(next, next.DueTicks + periodTicks);
            }

            return next;
        }
    }

    /// <summary>The caller holds the lock.</summary>
    private void Arm(ManualTimer timer, long dueTicks)
    {
        timer.DueTicks = dueTicks;
        timer.Arming = ++_lastArming;
        _armed.Add(timer);
        for (int i = _timerWaiters.Count - 1; i >= 0; i--)
        {
            if (_armed.Count >= _timerWaiters[i].Count)
            {
                _timerWaiters[i].Completion.TrySetResult();
                _timerWaiters.RemoveAt(i);
            }
        }
    }
}
