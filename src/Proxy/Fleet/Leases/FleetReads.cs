using S3Proxy.Caching;
using S3Proxy.Caching.Memory;
using S3Proxy.Caching.Redis;
using S3Proxy.Coalescing;
using S3Proxy.Coalescing.Waking;
using S3Proxy.Configuration;
using S3Proxy.Fetching;
using S3Proxy.Invalidation;
using S3Proxy.Telemetry;

namespace S3Proxy.Fleet.Leases;

/// <summary>
/// The other replicas, through Redis (decision 0015, "Reading"): who knows, who asks, who brings. Whatever Redis cannot answer leaves this replica alone with its question
/// (requirement W8). Thread-safe; one for the whole process.
/// </summary>
internal sealed partial class FleetReads : IFleet, IDisposable
{
    private const int HealthyFactor = 8;
    private const int LongestIntervals = 30;

    private readonly TimeSpan _longestWait;
    private readonly ObjectEpochs _epochs;
    private readonly MemoryTier _memory;
    private readonly RunLeases _runs;
    private readonly WakeHub<string> _objects;
    private readonly VersionWatches _watches = new();

    public FleetReads(
        IRedis redis, RedisKeys keys, LeaseStore store, RunLeases runs, SharedSlices slices, IFleetChannel channel, IFleetHearing hearing, ObjectEpochs epochs, MemoryTier memory,
        SliceGeometry geometry, WakingConfiguration waking, LeaseMetrics metrics, TimeProvider timeProvider, ILogger logger)
    {
        Redis = redis;
        Keys = keys;
        Store = store;
        Channel = channel;
        Hearing = hearing;
        Geometry = geometry;
        TimeProvider = timeProvider;
        Logger = logger;
        MaxWait = waking.MaxWait;
        IsPushing = waking.Enabled;
        _longestWait = waking.FallbackInterval * LongestIntervals;
        _runs = runs;
        Slices = slices;
        _epochs = epochs;
        _memory = memory;
        WakeHubOptions options = new() { Fallback = new FallbackOptions { Interval = waking.FallbackInterval, MaxGrowth = waking.Enabled ? LongestIntervals : 1 } };
        _objects = new WakeHub<string>(options, timeProvider, metrics.WakesOf("object"));
        Progress = new WakeHub<string>(options with { Fallback = options.Fallback with { MaxGrowth = 1 } }, timeProvider, metrics.WakesOf("run"));
        metrics.WatchRuns(() => runs.Count);
        Listen();
    }

    internal IRedis Redis { get; }

    internal RedisKeys Keys { get; }

    internal LeaseStore Store { get; }

    internal SharedSlices Slices { get; }

    internal IFleetChannel Channel { get; }

    internal IFleetHearing Hearing { get; }

    internal SliceGeometry Geometry { get; }

    internal TimeProvider TimeProvider { get; }

    internal ILogger Logger { get; }

    /// <summary>How long another replica is waited for that brings nothing.</summary>
    internal TimeSpan MaxWait { get; }

    /// <summary>False where replicas do not wake one another.</summary>
    internal bool IsPushing { get; }

    /// <summary>Who waits for more of a run.</summary>
    internal WakeHub<string> Progress { get; }

    /// <inheritdoc/>
    public async ValueTask<ObjectClaim> ClaimAsync(ObjectTarget target, bool needsChecksums, bool waits, CancellationToken cancellationToken)
    {
        ObjectInquiry inquiry = new(target, needsChecksums, TimeProvider.GetTimestamp());
        WakeToken<string>? token = null;
        try
        {
            while (true)
            {
                inquiry.Begin(_epochs.Current(target.Id), Hearing.ScopeGeneration, TimeProvider.GetTimestamp());
                LeaseAnswer answer = await Store.LookAsync(inquiry.Lookup(), cancellationToken);
                if (answer.Verdict != LeaseVerdict.Held)
                {
                    token?.ReportMissed();
                }

                token?.Accept();
                if (Judge(inquiry, answer) is { } claim)
                {
                    return claim;
                }

                if (answer.Verdict != LeaseVerdict.Held)
                {
                    continue;
                }

                TimeSpan left = MaxWait - TimeProvider.GetElapsedTime(inquiry.Start);
                if (!waits || left <= TimeSpan.Zero)
                {
                    return waits ? new ObjectClaim.Alone(IsUncertain: false) { LocalEpoch = inquiry.Epoch } : new ObjectClaim.Busy { LocalEpoch = inquiry.Epoch };
                }

                inquiry.Join(answer, Hearing.IsLive(answer.Holder));
                if (token is null)
                {
                    // Looks once more before it waits: what came between that look and this is not missed.
                    token = _objects.Register(inquiry.Tag);
                }
                else if (inquiry.IsHolderLive)
                {
                    TimeSpan next = NextLook(token);
                    await token.WaitAsync(next < left ? next : left, cancellationToken);
                }
            }
        }
        catch (RedisUnavailableException error)
        {
            Log.NotAsked(Logger, target.Id, error);
            return new ObjectClaim.Alone(IsUncertain: false) { LocalEpoch = inquiry.Epoch };
        }
        finally
        {
            token?.Dispose();
        }
    }

    /// <inheritdoc/>
    public async ValueTask<RunClaim> ClaimAsync(ObjectTarget target, ObjectVersion version, long position, int last, long inVain, bool isAlone, CancellationToken cancellationToken)
    {
        if (!Slices.MayHold(version))
        {
            return RunClaim.Alone.Instance;
        }

        try
        {
            RedisVersion named = new(version, Geometry.SliceBytes);
            SharedTransfer kept = new(this, named, position, last, following: null);
            if (await kept.TryBeginAsync(cancellationToken))
            {
                return new RunClaim.Shared(kept);
            }

            if (isAlone)
            {
                return RunClaim.Alone.Instance;
            }

            int first = Geometry.IndexOf(position);
            LeaseAnswer answer = await Store.LookAsync(LeaseLookup.OfRun(named, first, last, inVain), cancellationToken);
            if (answer.Verdict == LeaseVerdict.Held && !Hearing.IsLive(answer.Holder))
            {
                answer = await Store.LookAsync(LeaseLookup.OfRun(named, first, last, answer.Fence), cancellationToken);
            }

            if (answer.Verdict == LeaseVerdict.Granted)
            {
                return await TakeAsync(_runs.Add(named, answer.Fence, answer.Last), position, last, cancellationToken);
            }

            return answer.Verdict switch
            {
                LeaseVerdict.Held => new RunClaim.Shared(new SharedTransfer(
                    this, named, position, last, new Following(this, named, answer.Holder, answer.Fence, first))),
                _ => RunClaim.Alone.Instance,
            };
        }
        catch (RedisUnavailableException error)
        {
            Log.NotAsked(Logger, version.Id, error);
            return RunClaim.Alone.Instance;
        }
    }

    /// <summary>The last holder may have stored the slice, and given its lease back, between the look for the one and the look for the other.</summary>
    private async ValueTask<RunClaim> TakeAsync(RunLease lease, long position, int last, CancellationToken cancellationToken)
    {
        bool isKept = false;
        try
        {
            SharedTransfer kept = new(this, lease.Version, position, last, following: null);
            isKept = await kept.TryBeginAsync(cancellationToken);
            return isKept ? new RunClaim.Shared(kept) : new RunClaim.Granted(lease);
        }
        catch (RedisUnavailableException error)
        {
            // It has the lease all the same.
            Log.NotAsked(Logger, lease.Version.Version.Id, error);
            return new RunClaim.Granted(lease);
        }
        catch (OperationCanceledException)
        {
            lease.Dispose();
            throw;
        }
        finally
        {
            if (isKept)
            {
                lease.Dispose();
            }
        }
    }

    public void Dispose()
    {
        _objects.Dispose();
        Progress.Dispose();
    }

    /// <inheritdoc/>
    public IDisposable Watch(ObjectVersion version, Action onCorrupt) => _watches.Add(version, onCorrupt);

    /// <inheritdoc/>
    void IFleet.Store(SliceKey key, SharedBody body) =>
        Slices.Store(new RedisVersion(key.Version, Geometry.SliceBytes), key.Index, body, static _ => { });

    /// <summary>While wakes arrive nobody looks before eight intervals are over, and then less and less often: a wake that is lost without the link being lost is rare.</summary>
    private TimeSpan NextLook(WakeToken<string> token)
    {
        TimeSpan next = token.NextLook();
        TimeSpan healthy = next * HealthyFactor < _longestWait ? next * HealthyFactor : _longestWait;
        return IsPushing && !_objects.IsDegraded && healthy > next ? healthy : next;
    }

    /// <summary>What an answer means for the asker; null when it has to ask again.</summary>
    private ObjectClaim? Judge(ObjectInquiry inquiry, LeaseAnswer answer)
    {
        switch (answer.Verdict)
        {
            case LeaseVerdict.Uncertain:
                return new ObjectClaim.Alone(IsUncertain: true) { LocalEpoch = inquiry.Epoch };
            case LeaseVerdict.Alone:
                return new ObjectClaim.Alone(IsUncertain: false) { LocalEpoch = inquiry.Epoch };
            case LeaseVerdict.Granted:
                ObjectLease lease = new(Store, _runs, _epochs, inquiry.Target.Id, answer, inquiry.Generation, Geometry.SliceBytes, Slices, Logger);
                return new ObjectClaim.Granted(lease, Find(inquiry, answer)) { LocalEpoch = inquiry.Epoch };
            case LeaseVerdict.Known when Find(inquiry, answer) is { } metadata && inquiry.Accepts(metadata, answer, TimeProvider):
                return new ObjectClaim.Known(metadata, inquiry.HasJoined) { LocalEpoch = inquiry.Epoch };
            case LeaseVerdict.Known when inquiry.TryRefuseKnown():
                return null;
            case LeaseVerdict.Known:
                // Told once more, as when Redis' clock goes back.
                return new ObjectClaim.Alone(IsUncertain: false) { LocalEpoch = inquiry.Epoch };
            default:
                return null;
        }
    }

    /// <summary>The metadata of a record that counts: readable, of this object, and fetched after the last purge of a scope the object is in.</summary>
    private ObjectMetadata? Find(ObjectInquiry inquiry, LeaseAnswer answer)
    {
        if (answer.Record.Length == 0 || Hearing.IsPurgedSince(inquiry.Target.Id, answer.Generation))
        {
            return null;
        }

        long age = answer.AgeMilliseconds * TimeProvider.TimestampFrequency / 1000;
        return MetadataRecord.Read(answer.Record, inquiry.Target.Id, inquiry.LookedAt - age, out _);
    }
}
