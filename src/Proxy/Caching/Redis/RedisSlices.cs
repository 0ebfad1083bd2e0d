using S3Proxy.Configuration;
using S3Proxy.Telemetry;

namespace S3Proxy.Caching.Redis;

/// <summary>
/// The slices that replicas share (requirement C3). What is there is a right beginning of a slice, or is not used; who finds none or too little asks elsewhere. Thread-safe.
/// </summary>
internal sealed class RedisSlices(IRedis redis, RedisKeys keys, RedisConfiguration configuration, RedisMetrics metrics)
{
    // Writers that take over from one another leave bytes twice. A string that only grows would grow until its time is over.
    private const int MostCopies = 4;

    /// <summary>Whether a slice of so many bytes is kept there. Headers do not count.</summary>
    public bool IsKept(int sliceBytes) => sliceBytes > 0 && sliceBytes <= configuration.MaxItemBytes;

    /// <summary>A reader of a slice, which asks for nothing yet.</summary>
    public RedisSliceReader Read(RedisVersion version, int index) => new(redis, keys.Slice(version.Tag, index), version, index, metrics);

    /// <summary>Adds frames to a slice.</summary>
    /// <param name="version">Whose slice.</param>
    /// <param name="index">Which slice.</param>
    /// <param name="frames">Whole frames (<see cref="SliceFrames"/>). Not to be changed before this ends; after a failure, never.</param>
    /// <param name="cancellationToken">Ends the wait; they may be added all the same.</param>
    /// <exception cref="RedisUnavailableException">They may have been added.</exception>
    public async ValueTask AppendAsync(RedisVersion version, int index, byte[] frames, CancellationToken cancellationToken)
    {
        string key = keys.Slice(version.Tag, index);
        long length = await redis.AppendAsync(key, frames, configuration.Ttl, cancellationToken);
        if (length > (long)MostCopies * (version.LengthOf(index) + SliceFrames.HeaderBytes) + SliceFrames.MaxBodyBytes)
        {
            await redis.RemoveAsync([key], cancellationToken);
        }
    }

    /// <summary>Takes frames in place of what a slice has.</summary>
    /// <param name="version">Whose slice.</param>
    /// <param name="index">Which slice.</param>
    /// <param name="frames">Whole frames, from the slice's first byte. Not to be changed before this ends; after a failure, never.</param>
    /// <param name="cancellationToken">Ends the wait; it may be done all the same.</param>
    /// <exception cref="RedisUnavailableException">It may have been done.</exception>
    public ValueTask SetAsync(RedisVersion version, int index, byte[] frames, CancellationToken cancellationToken) =>
        redis.SetAsync(keys.Slice(version.Tag, index), frames, configuration.Ttl, cancellationToken);

    /// <summary>Removes the slices from <paramref name="first"/> to <paramref name="last"/>.</summary>
    /// <exception cref="RedisUnavailableException">They may have been removed.</exception>
    public async ValueTask RemoveAsync(RedisVersion version, int first, int last, CancellationToken cancellationToken) =>
        await redis.RemoveAsync([.. Enumerable.Range(first, last - first + 1).Select(index => keys.Slice(version.Tag, index))], cancellationToken);
}
