using S3Proxy.Coalescing;

namespace S3Proxy.Caching.Memory;

/// <summary>A complete slice in memory. Holds one reference to its body until it is evicted.</summary>
internal sealed class SliceEntry(SliceKey key, SharedBody body, ISliceAudience? audience) : CacheEntry(key.GetHashCode(), body.Length + OverheadBytes)
{
    /// <summary>What a slice costs beside the pages of its body: the entry, its place in the table, the body's object, and a share of the version.</summary>
    public const int OverheadBytes = 320;

    public SliceKey Key { get; } = key;

    public SharedBody Body { get; } = body;

    /// <summary>True when nobody is on the way to it, so that it may be kept by the entry of its object.</summary>
    public bool MayMove => audience is null;

    /// <inheritdoc/>
    public override BucketId Place => new(Key.Version.Id.Origin, Key.Version.Id.Bucket);

    /// <inheritdoc/>
    public override bool IsAwaited => audience is not null && audience.Awaits(Key.Index);
}
