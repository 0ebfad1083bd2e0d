using S3Proxy.Configuration;

namespace S3Proxy.ConformanceTests.Differential;

/// <summary>What is configured otherwise than usual.</summary>
internal sealed record ProxyVariant
{
    public static ProxyVariant Usual { get; } = new();

    public CacheMode Cache { get; init; } = CacheMode.Ttl;

    public CoalescingMode Coalescing { get; init; } = CoalescingMode.Streaming;

    public AuthMode Auth { get; init; } = AuthMode.SigV4;
}
