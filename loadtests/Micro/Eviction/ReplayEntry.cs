using S3Proxy.Caching;
using S3Proxy.Caching.Memory;

namespace S3Proxy.Micro.Eviction;

/// <summary>An object of a trace in the cache.</summary>
internal sealed class ReplayEntry(int id, int bytes) : CacheEntry(HashOf(id), bytes)
{
    public int Id { get; } = id;

    /// <inheritdoc/>
    public override BucketId Place => default;

    /// <summary>A hash that tells nothing of the number's neighbours, as those of keys.</summary>
    private static int HashOf(int id)
    {
        ulong bits = ((ulong)id + 1) * 0x9e3779b97f4a7c15;
        bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9;
        return (int)(bits >> 32);
    }
}
