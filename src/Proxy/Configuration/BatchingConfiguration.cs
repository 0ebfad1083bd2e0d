namespace S3Proxy.Configuration;

/// <summary>How lookups in Redis share round trips (requirements B1–B3). Without effect without Redis.</summary>
internal sealed record BatchingConfiguration
{
    /// <summary>Whether they do. False: each has its own.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Lookups in one round trip at most. Default 64.</summary>
    public int MaxBatchSize { get; init; } = 64;

    /// <summary>Lookups that wait at most; more go by themselves. Default 512.</summary>
    public int MaxBatchItems { get; init; } = 512;

    /// <summary>How long a lookup waits for others while a batch is under way. Default 1 ms.</summary>
    public TimeSpan BatchWindow { get; init; } = TimeSpan.FromMilliseconds(1);
}
