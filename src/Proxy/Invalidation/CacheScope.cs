using S3Proxy.Caching;

namespace S3Proxy.Invalidation;

/// <summary>Objects that have something in common: all, those of an origin, those of a bucket at its origin, or those whose key begins alike. Immutable, compared by value.</summary>
/// <remarks>Where clients choose the Host that the origin sees, its identities are <c>ORIGIN HOST</c> (<see cref="ObjectId.Origin"/>); a scope of the origin holds them all.</remarks>
internal sealed record CacheScope
{
    private CacheScope(string? origin, string? bucket, string prefix)
    {
        Origin = origin;
        Bucket = bucket;
        Prefix = prefix;
    }

    /// <summary>Every object of every origin.</summary>
    public static CacheScope All { get; } = new(null, null, "");

    /// <summary>Null for all.</summary>
    public string? Origin { get; }

    /// <summary>The bucket at its origin; null for all of them.</summary>
    public string? Bucket { get; }

    /// <summary>What the keys at the origin begin with; empty for the whole bucket.</summary>
    public string Prefix { get; }

    /// <summary>Every object of an origin, by its identity, under whatever Host.</summary>
    public static CacheScope Of(string origin) => new(origin, null, "");

    public static CacheScope Of(BucketId bucket, string prefix = "") => new(bucket.Origin, bucket.Bucket, prefix);

    public bool Holds(ObjectId id) =>
        Origin is null
        || ((Bucket is null || string.Equals(id.Bucket, Bucket, StringComparison.Ordinal)) && HoldsOrigin(id.Origin) && id.Key.StartsWith(Prefix, StringComparison.Ordinal));

    public override string ToString() => Origin is null ? "all" : Bucket is null ? Origin : $"{Origin}/{Bucket}/{Prefix}";

    private bool HoldsOrigin(string origin) =>
        origin.StartsWith(Origin!, StringComparison.Ordinal) && (origin.Length == Origin!.Length || origin[Origin.Length] == ' ');
}
