namespace S3Proxy.Coalescing.Waking;

/// <summary>One timer for all waits, and the mode in which those who wait look for themselves.</summary>
public sealed partial class WakeHub<TKey>
{
    /// <summary>No wait is due then: the timer is not armed.</summary>
    private const long Never = long.MaxValue;

    private readonly DueHeap<TKey> _due = new();
    private readonly ITimer _timer;
    private readonly long _madeAt;
    private FallbackSchedule _schedule;
    private long _armedFor = Never;
    private long _missed;

    /// <summary>Wakes that never came, found by looking.</summary>
    public long MissedCount => Volatile.Read(ref _missed);

    /// <summary>True while wakes may not arrive, so that those who wait look once an interval.</summary>
    public bool IsDegraded
    {
        get
        {
            lock (_lock)
            {
                return _schedule.IsDegraded(SinceMade());
            }
        }
    }

    /// <summary>
    /// The link that carries wakes was lost. Waits that would last longer than the fallback interval end when that is over, with <see cref="WakeReason.HeardAgain"/>.
    /// </summary>
    public void ReportLinkLost() => Change(static (schedule, _) => schedule.LinkLost());

    /// <summary>
    /// The link is there again. Wake everyone with <see cref="WakeReason.HeardAgain"/> after it: what was sent meanwhile is lost.
    /// </summary>
    public void ReportLinkRestored() => Change(static (schedule, now) => schedule.LinkRestored(now));

    internal TimeSpan NextLook(WakeToken<TKey> token)
    {
        lock (_lock)
        {
            return NextLookUnderLock(token.Looks);
        }
    }

    internal bool ReportMissed(WakeToken<TKey> token)
    {
        lock (_lock)
        {
            if (!token.WasDue || token.Remembered is not null || token.RememberedAsHeir is not null)
            {
                return false;
            }

            token.WasDue = false;
            _missed++;
        }

        _observer?.OnMissed();
        Change(static (schedule, now) => schedule.Missed(now));
        return true;
    }

    private TimeSpan SinceMade() => _timeProvider.GetElapsedTime(_madeAt);

    private TimeSpan NextLookUnderLock(int looks)
    {
        TimeSpan look = _schedule.NextLook(looks, SinceMade());
        return look - (look * (_options.Jitter * _options.Random.NextDouble()));
    }

    private void Change(Func<FallbackSchedule, TimeSpan, FallbackSchedule> change)
    {
        lock (_lock)
        {
            TimeSpan now = SinceMade();
            bool wasDegraded = _schedule.IsDegraded(now);
            _schedule = change(_schedule, now);
            if (wasDegraded || !_schedule.IsDegraded(now))
            {
                return;
            }

            foreach (KeyTokens<TKey> tokens in _keys.Values)
            {
                for (WakeToken<TKey>? token = tokens.First; token is not null; token = token.NextOfKey)
                {
                    ShortenUnderLock(token);
                }
            }
        }

        _observer?.OnDegraded();
    }

    /// <summary>A wait that relied on wakes must not go on for long without them.</summary>
    private void ShortenUnderLock(WakeToken<TKey> token)
    {
        if (token.Phase != WaitPhase.Waiting || _isDisposed)
        {
            return;
        }

        long latest = DueIn(NextLookUnderLock(looks: 0));
        if (token.HeapPlace == DueHeap<TKey>.Nowhere || token.DueAt > latest)
        {
            _due.Remove(token);
            ScheduleUnderLock(token, latest, WakeReason.HeardAgain);
        }
    }

    private void ScheduleUnderLock(WakeToken<TKey> token, long dueAt, WakeReason reason)
    {
        token.DueAt = dueAt;
        token.DueReason = reason;
        _due.Add(token);
        ArmUnderLock();
    }

    /// <summary>Arms the timer for the first wait, unless it fires earlier anyway: it is armed again then.</summary>
    private void ArmUnderLock()
    {
        if (_due.Count == 0 || _due.First.DueAt >= _armedFor)
        {
            return;
        }

        _armedFor = _due.First.DueAt;
        _timer.Change(TimerTime.RoundUp(_timeProvider.GetElapsedTime(_timeProvider.GetTimestamp(), _armedFor)), Timeout.InfiniteTimeSpan);
    }

    private void OnTimer()
    {
        EndedWaits<TKey> ended = default;
        lock (_lock)
        {
            if (_isDisposed)
            {
                return;
            }

            long now = _timeProvider.GetTimestamp();
            while (_due.Count > 0 && _due.First.DueAt <= now)
            {
                EndUnderLock(_due.First, _due.First.DueReason, ref ended);
            }

            _armedFor = Never;
            ArmUnderLock();
        }

        Settle(ended);
    }

    /// <summary>The timestamp in <paramref name="time"/> from now, rounded up; <see cref="Never"/> less one when there is none so late.</summary>
    private long DueIn(TimeSpan time)
    {
        Int128 distance = (((Int128)time.Ticks * _timeProvider.TimestampFrequency) + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond;
        return (long)Int128.Min(_timeProvider.GetTimestamp() + distance, Never - 1);
    }
}
