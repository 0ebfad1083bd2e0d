namespace S3Proxy.Micro.Coordination.Claiming;

/// <summary>One strategy, one workload, one number of threads, one round of claims.</summary>
internal sealed record ClaimSample
{
    public required string Strategy { get; init; }

    public required string Workload { get; init; }

    public required int Threads { get; init; }

    public required int Round { get; init; }

    /// <summary>Claims with their releases, of all threads.</summary>
    public required double ClaimsPerSecond { get; init; }

    public required double P99Microseconds { get; init; }

    public required double AllocatedBytesPerClaim { get; init; }

    /// <summary>Share of claims that joined a generation.</summary>
    public required double JoinedShare { get; init; }

    /// <summary>Leaders of a key while another led it, and generations with no leader or several: 0 for a claim that can be relied on.</summary>
    public required long Violations { get; init; }
}
