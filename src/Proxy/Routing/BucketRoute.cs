using S3Proxy.Configuration;
using S3Proxy.Protocol;

namespace S3Proxy.Routing;

/// <summary>Where a request of one client-side bucket goes: origin, bucket name there, key prefix, cache rule. Immutable.</summary>
internal sealed class BucketRoute
{
    public required BucketName ClientBucket { get; init; }

    public required BucketConfiguration Configuration { get; init; }

    /// <summary>Bucket name at the origin.</summary>
    public required string OriginBucket { get; init; }

    public OriginConfiguration Origin => Configuration.Origin;

    public string Prefix => Configuration.Prefix;

    /// <summary>True when names at the origin differ from what the client sees, so that XML bodies must be rewritten (requirement S1).</summary>
    public bool RenamesKeys => Prefix.Length > 0 || !string.Equals(OriginBucket, ClientBucket.Value, StringComparison.Ordinal);

    /// <summary>The key at the origin for a client's key.</summary>
    public string OriginKey(ObjectKey key) => Prefix.Length == 0 ? key.Value : Prefix + key.Value;
}
