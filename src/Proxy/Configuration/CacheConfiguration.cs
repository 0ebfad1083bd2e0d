namespace S3Proxy.Configuration;

/// <summary>Sizes of the cache.</summary>
internal sealed record CacheConfiguration
{
    /// <summary>Bytes of a slice: a power of two, 64 KiB to 64 MiB. Default 1 MiB.</summary>
    public int SliceSizeBytes { get; init; } = 1 << 20;

    /// <summary>Budget of the memory tier in bytes, in-flight bytes included. At least 16 slices. Default 512 MiB.</summary>
    public long MemorySizeBytes { get; init; } = 512L << 20;

    /// <summary>How far, in slices, a run stays ahead of its fastest reader. Default 4.</summary>
    public int ReadAheadSlices { get; init; } = 4;

    /// <summary>Bound on what is read ahead of a client that reads ranges in order, in bytes; 0 for none. Default 8 MiB.</summary>
    public long MaxReadAheadBytes { get; init; } = 8 << 20;

    /// <summary>How many origin GETs may bring one large object side by side. Default 1.</summary>
    public int ParallelRuns { get; init; } = 1;

    /// <summary>Bytes that each of several parallel GETs brings. Default 8 MiB.</summary>
    public long ParallelRunBytes { get; init; } = 8 << 20;

    /// <summary>What replicas share; null for a proxy by itself.</summary>
    public RedisConfiguration? Redis { get; init; }

    /// <summary>Rule of buckets that have none of their own.</summary>
    public required CacheRule Default { get; init; }
}
