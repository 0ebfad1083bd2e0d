using S3Proxy.Coalescing;

namespace S3Proxy.Caching.Memory;

/// <summary>A complete slice in memory. Holds one reference to its body until it is evicted.</summary>
internal sealed class SliceEntry(SliceKey key, SharedBody body, int bytes, ISliceAudience? audience) : CacheEntry(key.GetHashCode(), bytes)
{
    public SliceKey Key { get; } = key;

    public SharedBody Body { get; } = body;

    /// <inheritdoc/>
    public override bool IsAwaited => audience is not null && audience.Awaits(Key.Index);
}
