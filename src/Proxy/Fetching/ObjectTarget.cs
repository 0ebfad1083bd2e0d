using S3Proxy.Caching;
using S3Proxy.Configuration;

namespace S3Proxy.Fetching;

/// <summary>What a shared fetch reads, and under which rule: everything about it that does not come from one client.</summary>
/// <param name="Id">The object at its origin.</param>
/// <param name="Bucket">Origin, freshness rule and coalescing mode.</param>
internal sealed record ObjectTarget(ObjectId Id, BucketConfiguration Bucket);
