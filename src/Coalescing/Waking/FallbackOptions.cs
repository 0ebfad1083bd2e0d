namespace S3Proxy.Coalescing.Waking;

/// <summary>How often those who wait look for themselves, in case no wake comes. Immutable.</summary>
public sealed record FallbackOptions
{
    /// <summary>Time to the first look, and between looks while degraded. Above zero. Default 1 s.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>While all is well the time between looks doubles until it is this many intervals; 1 or more. Default 30.</summary>
    public int MaxGrowth { get; init; } = 30;

    /// <summary>How long degraded mode lasts at least after its cause is gone; zero or more. Default 30 s.</summary>
    public TimeSpan DegradedTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Looks that must find nothing missed before degraded mode ends; zero or more. Default 3.</summary>
    public int CleanChecks { get; init; } = 3;

    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Interval, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxGrowth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(DegradedTime, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(CleanChecks, 0);
    }
}
