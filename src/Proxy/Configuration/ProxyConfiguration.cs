using System.Collections.Frozen;
using System.Net;

namespace S3Proxy.Configuration;

/// <summary>
/// The whole configuration, checked and immutable. One instance is read per request; a reload swaps the reference.
/// </summary>
internal sealed record ProxyConfiguration
{
    public required ListenConfiguration Listen { get; init; }

    /// <summary>Origins by the name the configuration gives them.</summary>
    public required FrozenDictionary<string, OriginConfiguration> Origins { get; init; }

    /// <summary>Buckets by the name clients use. Does not hold the default <c>"*"</c>.</summary>
    public required FrozenDictionary<string, BucketConfiguration> Buckets { get; init; }

    /// <summary>What <c>"*"</c> says for buckets that have no entry; null means they do not exist.</summary>
    public BucketConfiguration? DefaultBucket { get; init; }

    public required AuthConfiguration Auth { get; init; }

    public required CacheConfiguration Cache { get; init; }

    public required CoalescingConfiguration Coalescing { get; init; }
}

/// <summary>Where the proxy listens.</summary>
internal sealed record ListenConfiguration
{
    /// <summary>Address of the data port. Port 0 takes a free one.</summary>
    public required IPEndPoint Endpoint { get; init; }

    /// <summary>Address of the admin port. Loopback unless configured otherwise.</summary>
    public required IPEndPoint Admin { get; init; }

    /// <summary>Suffix of virtual-hosted-style names (<c>bucket.SUFFIX</c>), lower case, no leading dot; null turns host style off.</summary>
    public string? HostSuffix { get; init; }
}
