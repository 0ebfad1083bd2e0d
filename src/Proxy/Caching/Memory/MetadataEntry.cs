namespace S3Proxy.Caching.Memory;

/// <summary>An object's metadata in memory.</summary>
internal sealed class MetadataEntry(ObjectMetadata metadata, int bytes) : CacheEntry(metadata.Version.Id.GetHashCode(), bytes)
{
    public ObjectMetadata Metadata { get; } = metadata;
}
