using S3Proxy.Caching;
using S3Proxy.Caching.Redis;
using S3Proxy.Coalescing.Waking;

namespace S3Proxy.Fleet.Leases;

/// <summary>
/// One transfer's interest in a run of another replica: tells the holder how far it has come, and hears of what is added. Used by one reader; disposing tells the holder that nobody
/// follows, when no other transfer of this replica does.
/// </summary>
internal sealed class Following : IDisposable
{
    private readonly FleetReads _fleet;
    private readonly ObjectId _id;
    private readonly string _holder;
    private readonly string _run;
    private readonly WakeToken<string> _token;
    private int _index;

    public Following(FleetReads fleet, RedisVersion version, string holder, long fence, int index)
    {
        _fleet = fleet;
        _id = version.Version.Id;
        _holder = holder;
        Fence = fence;
        _index = index;
        _run = RunLeases.NameOf(version, fence);

        // Before the demand: what it brings must not come unheard.
        _token = fleet.Progress.Register(_run);
        _ = DemandAsync(index);
    }

    /// <summary>Of the lease under which the holder brings the run.</summary>
    public long Fence { get; }

    /// <summary>Tells the holder that slice <paramref name="index"/> is wanted now.</summary>
    public void MoveTo(int index)
    {
        _index = index;
        _ = DemandAsync(index);
    }

    /// <summary>True once nothing more will come from this run.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Waits until there may be more in Redis, or nothing more will come.</summary>
    /// <exception cref="RedisUnavailableException">Nobody knows.</exception>
    public async ValueTask WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        TimeSpan next = _token.NextLook();
        WakeReason reason = await _token.WaitAsync(next < atMost ? next : atMost, cancellationToken);
        _token.Accept();
        HasEnded = reason == WakeReason.Invalidated || !_fleet.Hearing.IsLive(_holder);
        if (reason != WakeReason.Completed && !HasEnded)
        {
            // Nothing for a while: the demand may be lost, or the holder may have given up its lease without a word.
            HasEnded = await HasLeaseEndedAsync(cancellationToken);
            _ = DemandAsync(_index);
        }
    }

    public void Dispose()
    {
        _token.Dispose();
        if (_fleet.Progress.Wake(_run, WakeReason.HeardAgain) == 0)
        {
            _ = DemandAsync(-1);
        }
    }

    private async ValueTask<bool> HasLeaseEndedAsync(CancellationToken cancellationToken) =>
        !await _fleet.Store.HasRunAsync(RedisKeys.TagOf(_id), Fence, cancellationToken);

    /// <summary>Without push nobody is told: slices are looked for when they are whole.</summary>
    private async Task DemandAsync(int index)
    {
        if (!_fleet.IsPushing)
        {
            return;
        }

        try
        {
            await _fleet.Channel.SendAsync(_holder, FleetMessageKind.Demand, RunLeases.Demand(_run, index), CancellationToken.None);
        }
        catch (RedisUnavailableException)
        {
            // Told again with the next look.
        }
    }
}
