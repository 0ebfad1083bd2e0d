namespace S3Proxy.Coalescing.Statistics;

/// <summary>Bounds of <see cref="UsageStatistics{TKey,TTenant}"/>. Immutable.</summary>
public sealed record UsageStatisticsOptions
{
    /// <summary>Keys among which the hottest are found. At least 1, default 1,024. A key with more than one request in so many is never missed.</summary>
    public int MaxTrackedKeys { get; init; } = 1024;

    /// <summary>Tenants counted by themselves; further ones are counted together. At least 1, default 1,024.</summary>
    public int MaxTenants { get; init; } = 1024;

    /// <summary>After this time a request counts half for the hotness of its key. Above zero, default 5 minutes.</summary>
    public TimeSpan HotnessHalfLife { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Requests noted locally before they are merged. At least 1, default 512.</summary>
    public int BatchRecords { get; init; } = 512;

    /// <summary>
    /// Full batches that may wait for the background merge. Whoever fills one more helps to merge, so that memory stays bounded and nothing is
    /// lost. At least 1, default 64.
    /// </summary>
    public int MaxPendingBatches { get; init; } = 64;
}
