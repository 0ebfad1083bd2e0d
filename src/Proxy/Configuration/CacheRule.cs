namespace S3Proxy.Configuration;

/// <summary>Freshness rule of a bucket.</summary>
internal sealed record CacheRule
{
    public required CacheMode Mode { get; init; }

    /// <summary>Fresh time of mode <see cref="CacheMode.Ttl"/>. Default 60 s.</summary>
    public TimeSpan Ttl { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a 404 is remembered; zero turns it off. Default 1 s.</summary>
    public TimeSpan NegativeTtl { get; init; } = TimeSpan.FromSeconds(1);
}
