using S3Proxy.Caching;

namespace S3Proxy.Fleet.Leases;

/// <summary>A version in a message, as JSON. Immutable.</summary>
internal sealed record VersionNotice(string Origin, string Bucket, string Key, string ETag, string? VersionId, long SizeBytes)
{
    public static VersionNotice Of(ObjectVersion version) =>
        new(version.Id.Origin, version.Id.Bucket, version.Id.Key, version.ETag, version.VersionId, version.SizeBytes);

    /// <exception cref="ArgumentException">It names no version.</exception>
    public ObjectVersion ToVersion() => new(new ObjectId(Origin, Bucket, Key), ETag, VersionId, SizeBytes);
}
