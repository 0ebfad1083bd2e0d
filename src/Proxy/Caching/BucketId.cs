namespace S3Proxy.Caching;

/// <summary>A bucket as its origin knows it, in the terms of <see cref="ObjectId"/>.</summary>
internal readonly record struct BucketId(string Origin, string Bucket)
{
    public bool Holds(ObjectId id) => string.Equals(id.Bucket, Bucket, StringComparison.Ordinal) && string.Equals(id.Origin, Origin, StringComparison.Ordinal);
}
