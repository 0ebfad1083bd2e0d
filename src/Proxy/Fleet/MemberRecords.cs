using S3Proxy.Caching.Redis;
using S3Proxy.Invalidation;

namespace S3Proxy.Fleet;

/// <summary>The hash of members in Redis. Thread-safe; without state.</summary>
internal sealed class MemberRecords(IRedis redis, RedisKeys keys, FleetOptions options)
{
    private const int FieldsPerMember = 3;

    /// <summary>Renews the lease, or has the replica join; null when it must join.</summary>
    /// <exception cref="RedisUnavailableException">It may be renewed.</exception>
    public async ValueTask<Renewal?> RenewAsync(string replica, bool joins, string incarnation, long generation, CancellationToken cancellationToken)
    {
        RedisArgument[] arguments = [replica, (long)options.Lease.TotalMilliseconds, joins ? "1" : "0", incarnation, generation, FleetTokens.New()];
        RedisReply reply = await redis.EvaluateAsync(FleetScripts.MemberRenew, [keys.Members], arguments, cancellationToken);
        if (reply.Items is not [{ Number: 1 }, { } known, { } latest, { } members, { } purges])
        {
            return null;
        }

        return new Renewal(
            known.Text,
            latest.Number,
            [.. members.Items.Chunk(2).Select(pair => new FleetMember(pair[0].Text, TimeSpan.FromMilliseconds(pair[1].Number), IsPutOut: false))],
            [.. purges.Items.Chunk(2).Select(pair => new KeyValuePair<CacheScope, long>(PurgedScopes.ScopeOf(pair[0].Text), pair[1].Number))]);
    }

    /// <summary>Those who have a lease.</summary>
    /// <exception cref="RedisUnavailableException">No answer.</exception>
    public async ValueTask<Listing> ListAsync(CancellationToken cancellationToken)
    {
        RedisReply reply = await redis.EvaluateAsync(FleetScripts.MemberList, [keys.Members], [], cancellationToken);
        return reply.Items is [{ } incarnation, { } joins, { } members]
            ? new Listing(
                incarnation.Text,
                joins.Number,
                [.. members.Items.Chunk(FieldsPerMember).Select(fields => new FleetMember(fields[0].Text, TimeSpan.FromMilliseconds(fields[1].Number), fields[2].Number == 1))])
            : throw new RedisUnavailableException("Redis did not tell the members.");
    }

    /// <summary>
    /// Has the next renewal of replicas refused; tells what is left of the lease of each. What was forgotten since <paramref name="incarnation"/> may last a whole lease.
    /// </summary>
    /// <exception cref="RedisUnavailableException">It may be so.</exception>
    public async ValueTask<TimeSpan[]> PutOutAsync(string incarnation, IReadOnlyCollection<string> replicas, CancellationToken cancellationToken)
    {
        RedisReply reply = await redis.EvaluateAsync(FleetScripts.MemberPutOut, [keys.Members], [incarnation, .. replicas.Select(name => (RedisArgument)name)], cancellationToken);
        return reply.Items.Count == replicas.Count
            ? [.. reply.Items.Select(item => item.Number < 0 ? options.Lease : TimeSpan.FromMilliseconds(item.Number))]
            : throw new RedisUnavailableException("Redis did not tell what is left of the leases.");
    }

    /// <summary>Ends a membership, so that nobody waits for it.</summary>
    /// <exception cref="RedisUnavailableException">It may end by itself.</exception>
    public async ValueTask LeaveAsync(string replica, CancellationToken cancellationToken) =>
        await redis.EvaluateAsync(FleetScripts.MemberLeave, [keys.Members], [replica], cancellationToken);

    /// <summary>Records a purge; tells its generation and the scope that was recorded, which is all when there is no room for more.</summary>
    /// <exception cref="RedisUnavailableException">It may be recorded.</exception>
    public async ValueTask<(CacheScope Scope, long Generation)> PurgeAsync(CacheScope scope, CancellationToken cancellationToken)
    {
        RedisReply reply = await redis.EvaluateAsync(FleetScripts.ScopePurge, [keys.Members], [PurgedScopes.NameOf(scope), PurgedScopes.MaxScopes], cancellationToken);
        return reply.Items is [{ } generation, { } recorded]
            ? (PurgedScopes.ScopeOf(recorded.Text), generation.Number)
            : throw new RedisUnavailableException("Redis did not tell the generation of the purge.");
    }

    /// <summary>The members at a moment. Immutable.</summary>
    /// <param name="Incarnation">Of the hash; empty when nobody has joined since it was lost.</param>
    /// <param name="Joins">How often a replica has joined so far: the same number means that nobody came in between.</param>
    /// <param name="Members">All replicas, the one that asked included.</param>
    internal sealed record Listing(string Incarnation, long Joins, FleetMember[] Members);

    /// <summary>What a renewal brought. Immutable.</summary>
    /// <param name="Incarnation">Of the hash; another one means that it was lost meanwhile.</param>
    /// <param name="Generation">The latest purge of a scope.</param>
    /// <param name="Members">All replicas, the one that asked included.</param>
    /// <param name="Purges">Purges that the replica did not know.</param>
    internal sealed record Renewal(string Incarnation, long Generation, FleetMember[] Members, KeyValuePair<CacheScope, long>[] Purges);
}
