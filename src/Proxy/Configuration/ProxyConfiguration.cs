using System.Collections.Frozen;

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

    public WakingConfiguration Waking { get; init; } = new();

    public BatchingConfiguration Batching { get; init; } = new();

    public LimitsConfiguration Limits { get; init; } = new();

    public EventsConfiguration Events { get; init; } = new();

    public TelemetryConfiguration Telemetry { get; init; } = new();

    public LogConfiguration Log { get; init; } = new();

    public AccessLogConfiguration AccessLog { get; init; } = new();

    /// <summary>How often the files are looked at for changes; 0 for never. Default 5 s.</summary>
    public TimeSpan ReloadInterval { get; init; } = TimeSpan.FromSeconds(5);

    public DrainConfiguration Drain { get; init; } = new();
}
