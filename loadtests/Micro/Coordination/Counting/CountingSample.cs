namespace S3Proxy.Micro.Coordination.Counting;

/// <summary>One strategy, one workload, one number of threads, one round.</summary>
internal sealed record CountingSample
{
    public required string Strategy { get; init; }

    public required string Workload { get; init; }

    public required int Keys { get; init; }

    public required int Threads { get; init; }

    public required int Round { get; init; }

    /// <summary>Steps of all threads, until everything was in the totals.</summary>
    public required double StepsPerSecond { get; init; }

    public required double P99Microseconds { get; init; }

    public required double P999Microseconds { get; init; }

    public required double AllocatedBytesPerStep { get; init; }

    public required double MedianStalenessMilliseconds { get; init; }

    public required double MaxStalenessMilliseconds { get; init; }

    public required double MedianStalenessSteps { get; init; }

    public required double MaxStalenessSteps { get; init; }

    /// <summary>The first difference between what was counted and what was done; null when there is none.</summary>
    public string? Difference { get; init; }
}
