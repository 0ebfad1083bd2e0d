using System.Security.Cryptography;
using S3Proxy.Caching;
using S3Proxy.Caching.Redis;
using S3Proxy.Coalescing.Batching;
using S3Proxy.Telemetry;

namespace S3Proxy.Fleet.Leases;

/// <summary>
/// Leases and metadata in Redis: lookups go through the batcher, many in one round trip (requirements B1 to B3); what ends a lease goes at once. Thread-safe.
/// </summary>
internal sealed class LeaseStore : IAsyncDisposable
{
    /// <summary>How long what is kept of an object outlives the last look at it, at least. Leases and intents of writes extend it.</summary>
    private static readonly TimeSpan LeastKept = TimeSpan.FromMinutes(10);

    private readonly RedisScript _look = RedisScript.Load("lease-look");
    private readonly RedisScript _commit = RedisScript.Load("lease-commit");
    private readonly RedisScript _release = RedisScript.Load("lease-release");
    private readonly RedisScript _forget = RedisScript.Load("lease-forget");
    private readonly IRedis _redis;
    private readonly RedisKeys _keys;
    private readonly string _replica;
    private readonly long _keptMilliseconds;
    private readonly Batcher<LeaseLookup, LeaseAnswer> _lookups;
    private readonly LeaseMetrics _metrics;
    private readonly DoubtfulLeases _doubtful;

    /// <param name="redis">Where leases are.</param>
    /// <param name="keys">Their names.</param>
    /// <param name="replica">This replica.</param>
    /// <param name="timeToLive">How long metadata is kept.</param>
    /// <param name="batching">Bounds of the batches.</param>
    /// <param name="metrics">Counts lookups, batches and commits.</param>
    /// <param name="timeProvider">The only clock used.</param>
    public LeaseStore(IRedis redis, RedisKeys keys, string replica, TimeSpan timeToLive, BatcherOptions batching, LeaseMetrics metrics, TimeProvider timeProvider)
    {
        _redis = redis;
        _keys = keys;
        _replica = replica;
        _keptMilliseconds = (long)(timeToLive > LeastKept ? timeToLive : LeastKept).TotalMilliseconds;
        _lookups = new Batcher<LeaseLookup, LeaseAnswer>(batching, SendAsync, LaneOf, GiveBack, timeProvider, metrics);
        _metrics = metrics;
        _doubtful = new DoubtfulLeases(tag => ReleaseAsync(tag, fence: 0, hasFailed: true, TimeSpan.Zero, CancellationToken.None), timeProvider);
    }

    /// <summary>Asks about one object or run: with others, or by itself where as many wait already as may.</summary>
    /// <exception cref="RedisUnavailableException">No answer.</exception>
    public async ValueTask<LeaseAnswer> LookAsync(LeaseLookup lookup, CancellationToken cancellationToken)
    {
        try
        {
            LeaseAnswer answer = _lookups.TryAsk(lookup, cancellationToken, out ValueTask<LeaseAnswer> asked) ? await asked : await AskAloneAsync(lookup, cancellationToken);
            _metrics.LookedUp(answer.Verdict, lookup.IsRun);
            return answer;
        }
        catch (RedisUnavailableException error) when (!lookup.IsRun && error.Result is RedisCallResult.TimedOut or RedisCallResult.Unreachable)
        {
            // Redis may have given a lease that nobody knows of, for which the others would wait in vain. Leases of runs are found out by who follows.
            _doubtful.Add(lookup.Tag);
            throw;
        }
    }

    /// <summary>Commits what was told under a lease, and ends it; tells whether it was taken in.</summary>
    /// <param name="tag">Of the object.</param>
    /// <param name="granted">The lease.</param>
    /// <param name="record">Metadata record.</param>
    /// <param name="versionTag">Of the version it names.</param>
    /// <param name="generation">Scope generation from before the lease was asked for.</param>
    /// <param name="run">Slices that the holder goes on to bring under the same fence; null for none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RedisUnavailableException">No answer; it may have been taken in.</exception>
    public async ValueTask<CommitVerdict> CommitAsync(
        string tag, LeaseAnswer granted, byte[] record, string versionTag, long generation, (int First, int Last)? run, CancellationToken cancellationToken)
    {
        RedisReply reply = await _redis.EvaluateAsync(
            _commit,
            [_keys.Object(tag)],
            [
                _replica, granted.Epoch, granted.Fence, granted.NowMilliseconds, record, versionTag, generation, run?.First ?? -1, run?.Last ?? -1, _keptMilliseconds,
                tag, _keys.ReplicaChannel(""),
            ],
            cancellationToken);
        CommitVerdict verdict = reply.Text switch
        {
            "ok" => CommitVerdict.Done,
            "epoch" => CommitVerdict.Invalidated,
            "intent" => CommitVerdict.Uncertain,
            "fence" => CommitVerdict.Overtaken,
            _ => throw new RedisUnavailableException("Redis answered a commit with something that is none of this version's answers."),
        };
        _metrics.Committed(verdict);
        return verdict;
    }

    /// <summary>Ends the lease of an object without metadata.</summary>
    /// <param name="tag">Of the object.</param>
    /// <param name="fence">Of the lease; 0 for whatever lease this replica has.</param>
    /// <param name="hasFailed">True to have one heir ask; false to let everybody.</param>
    /// <param name="alone">How long the object's answers may not be shared.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RedisUnavailableException">No answer.</exception>
    public async ValueTask ReleaseAsync(string tag, long fence, bool hasFailed, TimeSpan alone, CancellationToken cancellationToken) =>
        await _redis.EvaluateAsync(
            _release,
            [_keys.Object(tag)],
            [_replica, fence, "o", hasFailed ? "F" : "C", (long)alone.TotalMilliseconds, tag, _keys.ReplicaChannel("")],
            cancellationToken);

    /// <summary>True when the lease of a run has not ended.</summary>
    /// <exception cref="RedisUnavailableException">No answer.</exception>
    public async ValueTask<bool> HasRunAsync(string tag, long fence, CancellationToken cancellationToken)
    {
        RedisReply reply = await _redis.EvaluateAsync(_release, [_keys.Object(tag)], [_replica, fence, "?"], cancellationToken);
        return reply.Number == 1;
    }

    /// <summary>Ends the lease of a run.</summary>
    /// <exception cref="RedisUnavailableException">No answer.</exception>
    public async ValueTask ReleaseRunAsync(string tag, long fence, CancellationToken cancellationToken) =>
        await _redis.EvaluateAsync(_release, [_keys.Object(tag)], [_replica, fence, "r"], cancellationToken);

    /// <summary>Drops the metadata of an object, if it is of a version; of any when <paramref name="versionTag"/> is empty.</summary>
    /// <exception cref="RedisUnavailableException">No answer.</exception>
    public async ValueTask ForgetAsync(ObjectId id, string versionTag, CancellationToken cancellationToken) =>
        await _redis.EvaluateAsync(_forget, [_keys.Object(RedisKeys.TagOf(id))], [NewToken(), versionTag], cancellationToken);

    public ValueTask DisposeAsync() => _lookups.DisposeAsync();

    private static string NewToken() => Convert.ToHexString(RandomNumberGenerator.GetBytes(12));

    private int LaneOf(LeaseLookup lookup) => _redis.SlotOf(_keys.Object(lookup.Tag));

    private async Task<IReadOnlyList<BatchResult<LeaseAnswer>>> SendAsync(IReadOnlyList<LeaseLookup> lookups, CancellationToken cancellationToken)
    {
        List<string> keys = new(lookups.Count);
        List<RedisArgument> arguments = new(3 + (lookups.Count * LeaseLookup.ArgumentCount)) { _replica, NewToken(), _keptMilliseconds };
        foreach (LeaseLookup lookup in lookups)
        {
            keys.Add(_keys.Object(lookup.Tag));
            arguments.AddRange(lookup.Arguments);
        }

        RedisReply reply = await _redis.EvaluateAsync(_look, keys, arguments, cancellationToken);
        return [.. reply.Items.Select(Answer)];
    }

    private async ValueTask<LeaseAnswer> AskAloneAsync(LeaseLookup lookup, CancellationToken cancellationToken)
    {
        Task<IReadOnlyList<BatchResult<LeaseAnswer>>> asked = SendAsync([lookup], CancellationToken.None);
        try
        {
            return ResultOf(await asked.WaitAsync(cancellationToken));
        }
        catch (OperationCanceledException)
        {
            _ = GiveBackLaterAsync(lookup, asked);
            throw;
        }
    }

    private static LeaseAnswer ResultOf(IReadOnlyList<BatchResult<LeaseAnswer>> results) => results switch
    {
        [{ Error: null } only] => only.Result,
        [{ Error: RedisUnavailableException error }] => throw error,
        _ => throw new RedisUnavailableException("Redis answered a lookup with nothing."),
    };

    private async Task GiveBackLaterAsync(LeaseLookup lookup, Task<IReadOnlyList<BatchResult<LeaseAnswer>>> asked)
    {
        try
        {
            GiveBack(lookup, ResultOf(await asked));
        }
        catch (RedisUnavailableException)
        {
            // Nothing was granted, or it ends with this replica's membership.
        }
    }

    private static BatchResult<LeaseAnswer> Answer(RedisReply reply)
    {
        try
        {
            return BatchResult.Of(LeaseAnswer.Parse(reply));
        }
        catch (RedisUnavailableException error)
        {
            return BatchResult.Failed<LeaseAnswer>(error);
        }
    }

    /// <summary>The asker left while its question was under way: what it was granted goes back (requirement B3).</summary>
    private void GiveBack(LeaseLookup lookup, LeaseAnswer answer)
    {
        if (answer.Verdict == LeaseVerdict.Granted)
        {
            _ = ReleaseQuietlyAsync(lookup, answer.Fence);
        }
    }

    private async Task ReleaseQuietlyAsync(LeaseLookup lookup, long fence)
    {
        try
        {
            await (lookup.IsRun ? ReleaseRunAsync(lookup.Tag, fence, CancellationToken.None) : ReleaseAsync(lookup.Tag, fence, hasFailed: true, TimeSpan.Zero, CancellationToken.None));
        }
        catch (RedisUnavailableException)
        {
            // The lease ends with this replica's membership; until then those who wait for it ask the origin after their own limit.
        }
    }
}
