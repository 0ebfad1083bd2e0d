namespace S3Proxy.Caching.Memory;

/// <summary>A bucket's names, shared by the entries of all its objects.</summary>
internal sealed class SharedBucket(BucketId id)
{
    public BucketId Id { get; } = id;

    /// <summary>Entries that use it. Under the tier's lock.</summary>
    public int Uses { get; set; }
}
