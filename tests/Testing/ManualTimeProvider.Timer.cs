namespace S3Proxy.Testing;

public sealed partial class ManualTimeProvider
{
    /// <summary>One timer. All its mutable fields belong to the provider's lock.</summary>
    private sealed class ManualTimer(ManualTimeProvider owner, TimerCallback callback, object? state) : ITimer
    {
        private bool _disposed;

        /// <summary>Earliest due first; equal due times in the order of arming.</summary>
        public static IComparer<ManualTimer> DueOrder { get; } = Comparer<ManualTimer>.Create(static (left, right) =>
        {
            int byDue = left.DueTicks.CompareTo(right.DueTicks);
            return byDue != 0 ? byDue : left.Arming.CompareTo(right.Arming);
        });

        public long DueTicks { get; set; }

        public long Arming { get; set; }

        /// <summary>Null when the timer fires once.</summary>
        public long? PeriodTicks { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            RefuseBadTime(dueTime);
            RefuseBadTime(period);
            bool fireNow = false;
            lock (owner._lock)
            {
                if (_disposed)
                {
                    return false;
                }

                owner._armed.Remove(this);
                PeriodTicks = period > TimeSpan.Zero ? period.Ticks : null;
                if (dueTime == TimeSpan.Zero)
                {
                    fireNow = true;
                    if (PeriodTicks is { } periodTicks)
                    {
                        owner.Arm(this, owner._elapsedTicks + periodTicks);
                    }
                }
                else if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    owner.Arm(this, owner._elapsedTicks + dueTime.Ticks);
                }
            }

            if (fireNow)
            {
                ThreadPool.UnsafeQueueUserWorkItem(static timer => timer.Fire(), this, preferLocal: false);
            }

            return true;
        }

        public void Dispose()
        {
            lock (owner._lock)
            {
                _disposed = true;
                owner._armed.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private static void RefuseBadTime(TimeSpan value)
        {
            if (value < TimeSpan.Zero && value != Timeout.InfiniteTimeSpan)
            {
                throw new ArgumentOutOfRangeException(nameof(value), value, "A timer's time is zero, positive or infinite.");
            }
        }
    }
}
