namespace S3Proxy.Configuration;

/// <summary>How one client-side bucket is served.</summary>
internal sealed record BucketConfiguration
{
    public required OriginConfiguration Origin { get; init; }

    /// <summary>Bucket name at the origin; null keeps the client's name.</summary>
    public string? OriginBucket { get; init; }

    /// <summary>Put before every key at the origin; empty for none. Never starts with a slash.</summary>
    public string Prefix { get; init; } = "";

    public required CacheRule Cache { get; init; }

    /// <summary>The most that objects of the bucket at the origin may hold of the memory tier, in bytes; null for no bound but the memory's.</summary>
    public long? MemoryQuotaBytes { get; init; }

    public required CoalescingMode Coalescing { get; init; }
}
