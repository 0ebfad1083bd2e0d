using S3Proxy.Configuration;

namespace S3Proxy.ConformanceTests.Differential;

/// <summary>What is configured otherwise than usual.</summary>
internal sealed record ProxyVariant
{
    public static ProxyVariant Usual { get; } = new();

    public CacheMode Cache { get; init; } = CacheMode.Ttl;

    public CoalescingMode Coalescing { get; init; } = CoalescingMode.Streaming;

    /// <summary>What <c>x-cache</c> says of an object that is in memory.</summary>
    public string WarmOutcome { get; init; } = "HIT";

    public AuthMode Auth { get; init; } = AuthMode.SigV4;

    /// <summary>Small, so that objects of a few hundred KiB have several.</summary>
    public int SliceBytes { get; init; } = 64 * 1024;
}
