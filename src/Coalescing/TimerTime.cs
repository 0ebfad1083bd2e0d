namespace S3Proxy.Coalescing;

/// <summary>Fits times to what an <see cref="ITimer"/> takes.</summary>
internal static class TimerTime
{
    /// <summary>The longest time a timer takes, 49 days. Whoever needs more arms it again.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    /// <summary>
    /// Whole milliseconds, 1 or more: the system's timers drop the rest, so that they would fire early, and for zero at once on another thread.
    /// </summary>
    public static TimeSpan RoundUp(TimeSpan time)
    {
        if (time >= Longest)
        {
            return Longest;
        }

        long milliseconds = (Math.Max(time.Ticks, 1) + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond;
        return TimeSpan.FromTicks(milliseconds * TimeSpan.TicksPerMillisecond);
    }
}
