using S3Proxy.Caching;
using S3Proxy.Caching.Memory;
using S3Proxy.Invalidation;

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

    /// <summary>Which clients read in order.</summary>
    public required SequentialReads Sequences { get; init; }

    public required ILogger Logger { get; init; }
}
