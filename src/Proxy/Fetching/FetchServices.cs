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

    public required FetchOptions Options { get; init; }

    public required ILogger Logger { get; init; }
}
