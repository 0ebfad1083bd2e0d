namespace S3Proxy.Telemetry.Latency;

/// <summary>What a <see cref="LocalHistogram"/> had counted at a moment.</summary>
/// <param name="Counts">Durations in each bucket, those of the buckets before not included.</param>
/// <param name="SumsTicks">What the durations of each bucket come to, in ticks of 100 ns.</param>
internal readonly record struct LocalHistogramSnapshot(long[] Counts, long[] SumsTicks)
{
    /// <summary>All durations.</summary>
    public long Count => Counts.Sum();

    /// <summary>What they come to.</summary>
    public TimeSpan Sum => TimeSpan.FromTicks(SumsTicks.Sum());
}
