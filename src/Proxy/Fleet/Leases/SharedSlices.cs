using S3Proxy.Caching;
using S3Proxy.Caching.Redis;
using S3Proxy.Coalescing;

namespace S3Proxy.Fleet.Leases;

/// <summary>The slices that replicas share through Redis, as runs use them: written behind the readers when they are whole, or part by part for those who follow. Thread-safe.</summary>
internal sealed class SharedSlices(RedisSlices slices, SliceWriteBehind whole, SliceGeometry geometry)
{
    /// <summary>True when the slices of a version are small enough to be shared.</summary>
    public bool MayHold(ObjectVersion version) => slices.IsKept((int)Math.Min(geometry.SliceBytes, version.SizeBytes));

    /// <summary>Reads a slice.</summary>
    public RedisSliceReader Read(RedisVersion version, int index) => slices.Read(version, index);

    /// <summary>Writes a part of a slice behind what is there.</summary>
    /// <exception cref="RedisUnavailableException">It may have been written.</exception>
    public ValueTask AppendAsync(RedisVersion version, int index, int offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        slices.AppendAsync(version, index, SliceFrames.Make(version, index, offset, bytes.Span), cancellationToken);

    /// <summary>Has a complete slice written, and <paramref name="onEnd"/> called with true when it is, with false when it was dropped. Never waits.</summary>
    public void Store(RedisVersion version, int index, SharedBody body, Action<bool> onEnd)
    {
        if (!whole.TryEnqueue(version, index, body, onEnd))
        {
            onEnd(false);
        }
    }

    /// <summary>Removes a slice.</summary>
    /// <exception cref="RedisUnavailableException">It may have been removed.</exception>
    public ValueTask RemoveAsync(RedisVersion version, int index, CancellationToken cancellationToken) => slices.RemoveAsync(version, index, index, cancellationToken);

    /// <summary>Gives up what waits to be written of a version.</summary>
    public void Forget(ObjectVersion version) => whole.Forget(version);

    /// <summary>Gives up what waits to be written of a version, and removes what was.</summary>
    /// <exception cref="RedisUnavailableException">It may have been removed.</exception>
    public async ValueTask DropAsync(RedisVersion version, CancellationToken cancellationToken)
    {
        Forget(version.Version);
        await slices.RemoveAsync(version, 0, geometry.LastOf(version.Version.SizeBytes), cancellationToken);
    }
}
