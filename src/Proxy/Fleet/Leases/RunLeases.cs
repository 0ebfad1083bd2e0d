using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using S3Proxy.Caching;
using S3Proxy.Caching.Redis;
using S3Proxy.Fetching;

namespace S3Proxy.Fleet.Leases;

/// <summary>
/// The runs that this replica brings for all: finds the one that another replica follows, and feeds it. Thread-safe; one for the whole process.
/// </summary>
internal sealed class RunLeases
{
    /// <summary>For how long who comes late is told at once that a run has ended.</summary>
    private static readonly TimeSpan RememberedFor = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, RunLease> _leases = new(StringComparer.Ordinal);
    private readonly LeaseStore _store;
    private readonly IFleetChannel _channel;
    private readonly SharedSlices _slices;
    private readonly bool _isPushing;
    private readonly TimeProvider _timeProvider;
    private readonly EarlyDemands _early;
    private readonly ExpiringMarks<string, bool> _ended;
    private readonly ILogger _logger;

    public RunLeases(LeaseStore store, IFleetChannel channel, SharedSlices slices, bool isPushing, TimeProvider timeProvider, ILogger logger)
    {
        _store = store;
        _channel = channel;
        _slices = slices;
        _isPushing = isPushing;
        _timeProvider = timeProvider;
        _early = new EarlyDemands(timeProvider);
        _ended = new ExpiringMarks<string, bool>(timeProvider);
        _logger = logger;
        channel.On(FleetMessageKind.Demand, OnDemand);
    }

    /// <summary>Where slices are kept.</summary>
    internal SharedSlices Slices => _slices;

    /// <summary>Leases that have not ended.</summary>
    public int Count => _leases.Count;

    /// <summary>What a run is called in messages.</summary>
    public static string NameOf(RedisVersion version, long fence) => string.Create(CultureInfo.InvariantCulture, $"{version.Tag}:{fence}");

    /// <summary>The payload of a demand: which run, and from which slice on; -1 when it is followed no longer.</summary>
    public static byte[] Demand(string run, int index) => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{run}|{index}"));

    /// <summary>Notes a lease that Redis has given this replica.</summary>
    public RunLease Add(RedisVersion version, long fence, int last)
    {
        RunLease lease = new(this, version, fence, last);
        _leases[lease.Name] = lease;
        foreach ((string follower, int index) in _early.Take(lease.Name))
        {
            lease.TryFollow(follower, index);
        }

        return lease;
    }

    /// <summary>The bytes of a version are in doubt: of none of its runs anything more is written.</summary>
    public void Revoke(ObjectVersion version)
    {
        foreach (RunLease lease in _leases.Values)
        {
            if (lease.Version.Version.Equals(version))
            {
                lease.Revoke();
            }
        }
    }

    /// <summary>
    /// Tells replicas that nothing more comes from a run, as far as they are concerned. Not of one whose bytes are in doubt: that is told to all, on another channel, and who heard of
    /// this end first would go on as if what it has were right. They look for themselves after a while.
    /// </summary>
    internal async Task TellEndAsync(RunLease lease, string[] followers)
    {
        if (lease.IsRevoked)
        {
            return;
        }

        foreach (string follower in followers)
        {
            await RefuseAsync(follower, lease.Name);
        }
    }

    internal RunFeed NewFeed(RunLease lease, Func<int, SliceWalker> open, int first, int last) => new(lease, _slices, _channel, open, first, last, _timeProvider, _logger);

    /// <summary>
    /// A slice will not come to Redis by itself. Who follows asks for it, where there is push; without, nobody could wait for it, and the run is left to be this replica's own.
    /// </summary>
    internal void OnDropped(RunLease lease)
    {
        if (!_isPushing)
        {
            _ = ReleaseAsync(lease);
        }
    }

    /// <summary>Ends a lease: whoever follows it hears that nothing more comes.</summary>
    internal async Task EndAsync(RunLease lease)
    {
        await lease.Registered;
        await lease.WhenAllKeptAsync();
        string[] followers = lease.Release();
        _ended.Set(lease.Name, true, RememberedFor);
        _leases.TryRemove(new KeyValuePair<string, RunLease>(lease.Name, lease));
        if (await ReleaseAsync(lease))
        {
            await TellEndAsync(lease, followers);
        }
    }

    private async Task<bool> ReleaseAsync(RunLease lease)
    {
        try
        {
            await _store.ReleaseRunAsync(RedisKeys.TagOf(lease.Version.Version.Id), lease.Fence, CancellationToken.None);
            return true;
        }
        catch (RedisUnavailableException error)
        {
            // Followers look for themselves after a while.
            Log.NotShared(_logger, lease.Version.Version.Id, error);
            return false;
        }
    }

    private void OnDemand(FleetMessage message)
    {
        string[] parts = message.Text.Split('|');
        if (parts.Length < 2 || !int.TryParse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int index))
        {
            return;
        }

        _leases.TryGetValue(parts[0], out RunLease? lease);
        if (index < 0)
        {
            _early.Drop(parts[0], message.From);
            lease?.Unfollow(message.From);
        }
        else if (lease is not null)
        {
            Follow(lease, message.From, index);
        }
        else
        {
            _ = KeepAsync(parts[0], message.From, index);
        }
    }

    private void Follow(RunLease lease, string follower, int index)
    {
        if (!lease.TryFollow(follower, index))
        {
            _ = RefuseAsync(follower, lease.Name);
        }
    }

    /// <summary>A run that is not known has ended, or Redis has given it to this replica just now and the follower was faster than its answer.</summary>
    private async Task KeepAsync(string run, string follower, int index)
    {
        if (_ended.TryGet(run, out _) || !_early.TryKeep(run, follower, index))
        {
            await RefuseAsync(follower, run);
        }
        else if (_leases.TryGetValue(run, out RunLease? lease))
        {
            foreach ((string early, int from) in _early.Take(run))
            {
                Follow(lease, early, from);
            }
        }
        else if (await _early.IsInVainAsync(run, follower, index))
        {
            await RefuseAsync(follower, run);
        }
    }

    private async Task RefuseAsync(string follower, string run)
    {
        try
        {
            await _channel.SendAsync(follower, FleetMessageKind.RunEnded, Encoding.ASCII.GetBytes(run), CancellationToken.None);
        }
        catch (RedisUnavailableException)
        {
            // The follower looks for itself after a while.
        }
    }
}
