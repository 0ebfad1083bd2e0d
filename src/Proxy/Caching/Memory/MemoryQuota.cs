using S3Proxy.Configuration;

namespace S3Proxy.Caching.Memory;

/// <summary>The most that objects of one bucket at its origin may hold of the memory tier (requirement C8, docs/decisions/0026). Immutable.</summary>
/// <param name="Origin">Name of the origin.</param>
/// <param name="Bucket">Bucket at the origin.</param>
/// <param name="Bytes">Bound on what is kept, as eviction weighs it: bodies, and what stands beside them.</param>
internal sealed record MemoryQuota(string Origin, string Bucket, long Bytes)
{
    /// <summary>The quotas of a configuration, one for each bucket at an origin.</summary>
    public static IReadOnlyList<MemoryQuota> Of(ProxyConfiguration configuration) =>
    [
        .. configuration.Buckets.Where(bucket => bucket.Value.MemoryQuotaBytes is not null)
            .Select(bucket => new MemoryQuota(bucket.Value.Origin.Name, bucket.Value.OriginBucket ?? bucket.Key, bucket.Value.MemoryQuotaBytes!.Value))
            .Distinct().OrderBy(quota => quota.Origin, StringComparer.Ordinal).ThenBy(quota => quota.Bucket, StringComparer.Ordinal),
    ];

    /// <summary>True for objects of the bucket, wherever its origin was when they came (<see cref="OriginIdentity"/>) and by whatever Host. Allocates nothing.</summary>
    public bool IsOf(BucketId place) =>
        string.Equals(place.Bucket, Bucket, StringComparison.Ordinal)
        && place.Origin.StartsWith(Origin, StringComparison.Ordinal)
        && (place.Origin.Length == Origin.Length || place.Origin[Origin.Length] is '@' or ' ');
}
