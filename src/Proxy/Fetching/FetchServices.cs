using S3Proxy.Caching;
using S3Proxy.Caching.Memory;
using S3Proxy.Configuration;
using S3Proxy.Fleet;
using S3Proxy.Invalidation;
using S3Proxy.Telemetry;

namespace S3Proxy.Fetching;

/// <summary>What every fetch needs. One for the whole process.</summary>
internal sealed record FetchServices
{
    public required MemoryTier Memory { get; init; }

    public required ObjectEpochs Epochs { get; init; }

    public required IOriginReader Origin { get; init; }

    public required SliceGeometry Geometry { get; init; }

    public required TimeProvider TimeProvider { get; init; }

    /// <summary>Where the pumps of runs go on. Default: the thread pool; tests decide every interleaving through another one.</summary>
    public TaskScheduler Scheduler { get; init; } = TaskScheduler.Default;

    public required FetchOptions Options { get; init; }

    /// <summary>Which origins' ETags are MD5s, as far as seen.</summary>
    public ETagProofs ETagProofs { get; } = new();

    /// <summary>The other replicas; null where there are none.</summary>
    public IFleet? Fleet { get; init; }

    /// <summary>Whether this replica hears what the others change; null where there are none, and where that is not to matter (<c>cache.redis.failOpen</c>).</summary>
    public IFleetHearing? Hearing { get; init; }

    /// <summary>Which clients read in order.</summary>
    public required SequentialReads Sequences { get; init; }

    public required ILogger Logger { get; init; }

    /// <summary>Counts flights; null where nobody does.</summary>
    public FetchMetrics? Metrics { get; init; }

    /// <summary>
    /// What a reader may do with metadata of memory now: the one place that judges it. Where an invalidation of it may have been missed it is told only after the origin was
    /// asked, but for objects that are promised never to change.
    /// </summary>
    public Freshness FreshnessOf(ObjectMetadata known, CacheRule rule) =>
        Hearing is null || rule.Mode == CacheMode.Immutable || Hearing.MayTrust(known.CommittedAt) ? Freshness.Of(known, rule, TimeProvider) : Freshness.Never;

    /// <summary>True when what was learnt at <paramref name="learntAt"/> still holds, as far as other replicas could change it.</summary>
    public bool MayTrust(long learntAt) => Hearing is null || Hearing.MayTrust(learntAt);
}
