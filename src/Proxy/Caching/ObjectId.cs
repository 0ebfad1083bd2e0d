namespace S3Proxy.Caching;

/// <summary>
/// An object as its origin knows it, so that two client-side buckets mapped to the same place share one cache entry and one invalidation.
/// Compared by value; the hash is computed once.
/// </summary>
internal sealed class ObjectId : IEquatable<ObjectId>
{
    private readonly int _hash;

    public ObjectId(string origin, string bucket, string key)
    {
        Origin = origin;
        Bucket = bucket;
        Key = key;
        _hash = HashCode.Combine(origin, bucket, key);
    }

    /// <summary>Identity of the origin: its name and place (<see cref="Configuration.OriginIdentity"/>); where clients choose the Host that the origin sees, that too.</summary>
    public string Origin { get; }

    /// <summary>Bucket at the origin.</summary>
    public string Bucket { get; }

    /// <summary>Decoded key at the origin, prefix included.</summary>
    public string Key { get; }

    /// <summary>A hash that is the same under whatever Host clients know the object by; the plain one where they choose none. Of equal objects equal.</summary>
    public int HashOfPlace => Origin.AsSpan().IndexOf(' ') is > 0 and int end ? HashCode.Combine(string.GetHashCode(Origin.AsSpan(0, end)), string.GetHashCode(Bucket), string.GetHashCode(Key)) : _hash;

    public bool Equals(ObjectId? other) =>
        ReferenceEquals(this, other)
        || (other is not null && _hash == other._hash
            && string.Equals(Key, other.Key, StringComparison.Ordinal)
            && string.Equals(Bucket, other.Bucket, StringComparison.Ordinal)
            && string.Equals(Origin, other.Origin, StringComparison.Ordinal));

    public override bool Equals(object? obj) => Equals(obj as ObjectId);

    public override int GetHashCode() => _hash;

    /// <summary>The names for a log or a message: clients choose keys, and what would end the line or steer a terminal is a question mark.</summary>
    public override string ToString() => $"{Origin}/{Bucket}/{(Key.Any(char.IsControl) ? string.Concat(Key.Select(c => char.IsControl(c) ? '?' : c)) : Key)}";
}
