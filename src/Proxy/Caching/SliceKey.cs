namespace S3Proxy.Caching;

/// <summary>One aligned slice of one version.</summary>
/// <param name="Version">The version.</param>
/// <param name="Index">Number of the slice, from 0; its first byte is <c>Index × slice size</c>.</param>
internal readonly record struct SliceKey(ObjectVersion Version, int Index)
{
    public bool Equals(SliceKey other) => Index == other.Index && Version.Equals(other.Version);

    public override int GetHashCode() => (Version.GetHashCode() * 397) ^ Index;
}
