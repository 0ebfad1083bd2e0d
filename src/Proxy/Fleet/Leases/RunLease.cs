using System.Text;
using S3Proxy.Caching.Redis;
using S3Proxy.Coalescing;
using S3Proxy.Fetching;

namespace S3Proxy.Fleet.Leases;

/// <summary>The lease of a run of this replica, and those who follow it. <c>_lock</c> protects the followers, the feed and the end; nothing is called while it is held.</summary>
internal sealed class RunLease(RunLeases leases, RedisVersion version, long fence, int last) : IRunLease
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _followers = new(StringComparer.Ordinal);
    private Func<int, SliceWalker>? _open;
    private RunFeed? _feed;
    private readonly Dictionary<int, Task> _kept = [];
    private bool _isOver;
    private bool _isReleased;

    public RedisVersion Version { get; } = version;

    public long Fence { get; } = fence;

    /// <summary>What it is called in messages.</summary>
    public string Name { get; } = RunLeases.NameOf(version, fence);

    /// <summary><see cref="Name"/> as it is sent.</summary>
    public byte[] NameBytes { get; } = Encoding.ASCII.GetBytes(RunLeases.NameOf(version, fence));

    /// <inheritdoc/>
    public int Last { get; } = last;

    /// <inheritdoc/>
    public void Open(Func<int, SliceWalker> reads)
    {
        RunFeed? feed;
        lock (_lock)
        {
            _open = reads;
            feed = TakeFeedUnderLock();
        }

        feed?.Start();
    }

    /// <inheritdoc/>
    public void Store(int index, SharedBody body)
    {
        TaskCompletionSource kept;
        lock (_lock)
        {
            if (_isReleased || (_feed is { IsOver: false } feed && index >= feed.First))
            {
                return;
            }

            kept = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _kept[index] = kept.Task;
        }

        leases.Slices.Store(Version, index, body, kept.SetResult);
    }

    /// <summary>The end of a slice's way to Redis, when it goes there by itself; null when the feed has to give it.</summary>
    public Task? WhenKept(int index)
    {
        lock (_lock)
        {
            return _kept.GetValueOrDefault(index);
        }
    }

    /// <summary>Completes when every slice that was to be kept is, or was dropped.</summary>
    public Task WhenAllKeptAsync()
    {
        lock (_lock)
        {
            return Task.WhenAll(_kept.Values);
        }
    }

    /// <summary>Takes note that a replica wants the slices from <paramref name="index"/> on; false when the run is over or is not about that slice.</summary>
    public bool TryFollow(string replica, int index)
    {
        RunFeed? started;
        RunFeed? feed;
        lock (_lock)
        {
            if (_isReleased || index > Last || _feed is { IsOver: true } || index < _feed?.First)
            {
                return false;
            }

            _followers[replica] = Math.Max(index, _followers.GetValueOrDefault(replica));
            if (_isOver && _feed is null)
            {
                // All is on its way to Redis; the follower hears when it is there.
                return true;
            }

            started = TakeFeedUnderLock();
            feed = _feed;
        }

        started?.Start();
        feed?.Moved();
        return true;
    }

    /// <summary>A replica follows no longer.</summary>
    public void Unfollow(string replica)
    {
        RunFeed? feed;
        lock (_lock)
        {
            _followers.Remove(replica);
            feed = _feed;
        }

        feed?.Moved();
    }

    /// <summary>The furthest slice that a follower has come to.</summary>
    public int FurthestWanted
    {
        get
        {
            lock (_lock)
            {
                return _followers.Count == 0 ? -1 : _followers.Values.Max();
            }
        }
    }

    /// <summary>Replicas that follow.</summary>
    public string[] Followers
    {
        get
        {
            lock (_lock)
            {
                return [.. _followers.Keys];
            }
        }
    }

    /// <summary>The run is over. A feed goes on with what is in memory, and ends the lease after that.</summary>
    public void Dispose()
    {
        RunFeed? feed;
        lock (_lock)
        {
            if (_isOver)
            {
                return;
            }

            _isOver = true;
            feed = _feed;
        }

        if (feed is null)
        {
            _ = leases.EndAsync(this);
        }
        else
        {
            feed.Finish();
        }
    }

    /// <summary>Called by the feed when it is over.</summary>
    internal void OnFeedOver()
    {
        lock (_lock)
        {
            _isOver = true;
        }

        _ = leases.EndAsync(this);
    }

    /// <summary>Nobody may follow any more; gives those who do.</summary>
    internal string[] Release()
    {
        lock (_lock)
        {
            _isReleased = true;
            return [.. _followers.Keys];
        }
    }

    private RunFeed? TakeFeedUnderLock()
    {
        if (_feed is not null || _open is null || _followers.Count == 0)
        {
            return null;
        }

        return _feed = leases.NewFeed(this, _open, _followers.Values.Min());
    }
}
