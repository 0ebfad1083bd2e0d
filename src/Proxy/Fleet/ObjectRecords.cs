using S3Proxy.Caching;
using S3Proxy.Caching.Redis;

namespace S3Proxy.Fleet;

/// <summary>What invalidations do to the hashes of objects in Redis (decision 0015, "Writing").</summary>
/// <remarks>Thread-safe. Many objects take one script in sixty-four at a time; in a cluster one each, pipelined, because they lie in different slots.</remarks>
internal sealed class ObjectRecords(IRedis redis, RedisKeys keys, FleetOptions options, string replica)
{
    private const int ChunkObjects = 64;
    private readonly string _channelPrefix = keys.ReplicaChannel("");

    /// <summary>Records that <paramref name="write"/> is about to be sent: new epoch, no metadata, no lease, and nothing is given out until the intent ends.</summary>
    /// <exception cref="RedisUnavailableException">It may be recorded for some.</exception>
    public async ValueTask BeginAsync(IReadOnlyList<ObjectId> objects, string write, CancellationToken cancellationToken) =>
        await ForEachAsync("begin", objects, write, TimeSpan.Zero, cancellationToken);

    /// <summary>Has the intents count anew; false when one was not there any more and had to be recorded again.</summary>
    /// <exception cref="RedisUnavailableException">As they were, or not.</exception>
    public ValueTask<bool> RenewAsync(IReadOnlyList<ObjectId> objects, string write, CancellationToken cancellationToken) =>
        ForEachAsync("renew", objects, write, TimeSpan.Zero, cancellationToken);

    /// <summary>New epoch, no intent; above zero the objects are suspect so long. False when an intent was not there any more: somebody may have been given what is old.</summary>
    /// <exception cref="RedisUnavailableException">It may be recorded for some.</exception>
    public ValueTask<bool> EndAsync(IReadOnlyList<ObjectId> objects, string write, TimeSpan suspectFor, CancellationToken cancellationToken) =>
        ForEachAsync("end", objects, write, suspectFor, cancellationToken);

    /// <summary>New epoch, no metadata: an invalidation without a write.</summary>
    /// <exception cref="RedisUnavailableException">It may be recorded for some.</exception>
    public async ValueTask RaiseAsync(IReadOnlyList<ObjectId> objects, TimeSpan suspectFor, CancellationToken cancellationToken) =>
        await ForEachAsync("raise", objects, "", suspectFor, cancellationToken);

    private async ValueTask<bool> ForEachAsync(string mode, IReadOnlyList<ObjectId> objects, string write, TimeSpan suspectFor, CancellationToken cancellationToken)
    {
        bool all = true;
        string token = FleetTokens.New();
        foreach (ObjectId[] chunk in objects.Chunk(ChunkObjects))
        {
            string[] tags = [.. chunk.Select(RedisKeys.TagOf)];
            int each = redis.IsCluster ? 1 : tags.Length;
            Task<RedisReply>[] calls = [.. tags.Chunk(each).Select(some => CallAsync(mode, some, write, suspectFor, token, cancellationToken))];
            foreach (RedisReply reply in await Task.WhenAll(calls))
            {
                all &= reply.Items.All(item => item.Number == 1);
            }
        }

        return all;
    }

    private Task<RedisReply> CallAsync(string mode, string[] tags, string write, TimeSpan suspectFor, string token, CancellationToken cancellationToken)
    {
        RedisArgument[] arguments =
        [
            mode, write, (long)options.IntentLife.TotalMilliseconds, (long)suspectFor.TotalMilliseconds, token, replica, _channelPrefix,
            .. tags.Select(tag => (RedisArgument)tag),
        ];
        return redis.EvaluateAsync(FleetScripts.ObjectInvalidate, [.. tags.Select(keys.Object)], arguments, cancellationToken).AsTask();
    }
}
