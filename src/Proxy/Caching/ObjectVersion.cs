using S3Proxy.Protocol;

namespace S3Proxy.Caching;

/// <summary>
/// One version of an object: what its bytes are keyed by. Bytes under this key are never wrong, only unreachable once the metadata names
/// another version. Compared by value.
/// </summary>
internal sealed class ObjectVersion : IEquatable<ObjectVersion>
{
    private readonly int _hash;

    /// <param name="id">The object.</param>
    /// <param name="etag">The strong entity tag with its quotes; a version without one cannot be made.</param>
    /// <param name="versionId">What <c>x-amz-version-id</c> said; null in a bucket without versions.</param>
    /// <param name="sizeBytes">Bytes of the whole object.</param>
    public ObjectVersion(ObjectId id, string etag, string? versionId, long sizeBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sizeBytes);
        if (!EntityTag.TryParse(etag, out EntityTag tag) || tag.IsWeak)
        {
            throw new ArgumentException($"{etag} is not a strong entity tag.", nameof(etag));
        }

        Tag = tag;
        Id = id;
        ETag = etag;
        VersionId = versionId;
        SizeBytes = sizeBytes;
        _hash = HashCode.Combine(id, etag, versionId, sizeBytes);
    }

    public ObjectId Id { get; }

    public string ETag { get; }

    /// <summary><see cref="ETag"/>, parsed.</summary>
    public EntityTag Tag { get; }

    public string? VersionId { get; }

    public long SizeBytes { get; }

    public bool Equals(ObjectVersion? other) =>
        ReferenceEquals(this, other)
        || (other is not null && _hash == other._hash && SizeBytes == other.SizeBytes
            && string.Equals(ETag, other.ETag, StringComparison.Ordinal)
            && string.Equals(VersionId, other.VersionId, StringComparison.Ordinal)
            && Id.Equals(other.Id));

    public override bool Equals(object? obj) => Equals(obj as ObjectVersion);

    public override int GetHashCode() => _hash;

    public override string ToString() => $"{Id} {ETag}";
}
