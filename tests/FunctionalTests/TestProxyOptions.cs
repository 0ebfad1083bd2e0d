using System.Net;
using S3Proxy.Configuration;
using S3Proxy.Protocol;
using S3Proxy.Testing.Origin;

namespace S3Proxy.FunctionalTests;

/// <summary>What a test wants other than usual.</summary>
internal sealed record TestProxyOptions
{
    public string? AdminToken { get; init; }

    public AuthMode Auth { get; init; } = AuthMode.Anonymous;

    /// <summary>How long mode passthrough trusts the very same request again.</summary>
    public TimeSpan AuthorisationTtl { get; init; }

    public CacheRule Rule { get; init; } = new() { Mode = CacheMode.Ttl, Ttl = TimeSpan.FromMinutes(10) };

    public CoalescingMode Mode { get; init; } = CoalescingMode.Streaming;

    public long MemoryBytes { get; init; } = 64L << 20;

    public int SliceBytes { get; init; } = 1 << 20;

    public TimeSpan FirstByteDelay { get; init; }

    public long? BytesPerSecond { get; init; }

    public OriginTimeouts Timeouts { get; init; } = new();

    /// <summary>Changes the origin's configuration: its slots, retries and hedging.</summary>
    public Func<OriginConfiguration, OriginConfiguration> OriginSide { get; init; } = static origin => origin;

    /// <summary>Endpoints that the origin has besides the embedded one.</summary>
    public IReadOnlyList<Uri> MoreEndpoints { get; init; } = [];

    /// <summary>The origin's clock.</summary>
    public TimeProvider OriginTime { get; init; } = TimeProvider.System;

    /// <summary>How many requests the origin records one by one; null for its default. Long loads take 0.</summary>
    public int? MaxRecordedOriginRequests { get; init; }

    /// <summary>How many versions of a key the origin keeps in a versioned bucket.</summary>
    public int MaxOriginVersionsPerKey { get; init; } = int.MaxValue;

    /// <summary>The proxy's clock.</summary>
    public TimeProvider ProxyTime { get; init; } = TimeProvider.System;

    /// <summary>Whether pages go to clients without a copy, where the system can.</summary>
    public bool ZeroCopy { get; init; } = true;

    /// <summary>Whether small hits are answered without the server.</summary>
    public bool FastPath { get; init; } = true;

    /// <summary>The product waits until it pays; the tests want every page to go that way.</summary>
    public ZeroCopyPolicy ZeroCopyPolicy { get; init; } = new() { CopiedFirst = 0, RefersLocally = true };

    public CoalescingConfiguration Coalescing { get; init; } = new();

    /// <summary>The Redis that replicas share; null for none.</summary>
    public RedisConfiguration? Redis { get; init; }

    public WakingConfiguration Waking { get; init; } = new();

    public BatchingConfiguration Batching { get; init; } = new();

    public TelemetryConfiguration Telemetry { get; init; } = new();

    public AccessLogConfiguration AccessLog { get; init; } = new();

    /// <summary>What the proxy logs, from level Debug on, goes here; null for nowhere.</summary>
    public LogRecords? Log { get; init; }

    /// <summary>Peers whose <c>X-Forwarded-For</c> the proxy believes.</summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];

    public LimitsConfiguration Limits { get; init; } = new();

    /// <summary>An origin that other proxies read from too; whoever started it ends it. Null for one of its own.</summary>
    public EmbeddedOrigin? SharedOrigin { get; init; }

    /// <summary>Whether the bucket at the origin keeps versions.</summary>
    public bool Versioned { get; init; }

    public IReadOnlyList<ClientKey> Keys { get; init; } =
    [
        new ClientKey
        {
            AccessKeyId = TestProxy.ClientKeyId,
            SecretAccessKey = TestProxy.ClientSecret,
            Grants = [new Grant { Bucket = "*", Actions = S3Actions.Read | S3Actions.List | S3Actions.Write | S3Actions.Delete }],
        },
    ];

    public IReadOnlyDictionary<string, Func<BucketConfiguration, BucketConfiguration>> Buckets { get; init; } =
        new Dictionary<string, Func<BucketConfiguration, BucketConfiguration>>();
}
