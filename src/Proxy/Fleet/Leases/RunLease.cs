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
    private readonly Dictionary<int, Task<bool>> _kept = [];
    private int _leftToFeed = -1;
    private bool _isOver;
    private bool _isEnding;
    private bool _isReleased;
    private volatile bool _isRevoked;

    public RedisVersion Version { get; } = version;

    public long Fence { get; } = fence;

    /// <summary>What it is called in messages.</summary>
    public string Name { get; } = RunLeases.NameOf(version, fence);

    /// <summary><see cref="Name"/> as it is sent.</summary>
    public byte[] NameBytes { get; } = Encoding.ASCII.GetBytes(RunLeases.NameOf(version, fence));

    /// <summary>Ends when Redis knows the lease: it must not be told of its end before. Never fails.</summary>
    public Task Registered { get; set; } = Task.CompletedTask;

    /// <inheritdoc/>
    public int Last { get; } = last;

    /// <summary>True once the version's bytes are in doubt: nothing of them may be written any more, and what was written since must go.</summary>
    public bool IsRevoked => _isRevoked;

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
        TaskCompletionSource<bool> kept;
        lock (_lock)
        {
            if (_isReleased || _isRevoked)
            {
                return;
            }

            if (_feed is { } feed && index >= feed.First)
            {
                _leftToFeed = Math.Max(_leftToFeed, index);
                return;
            }

            kept = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            _kept[index] = kept.Task;
        }

        leases.Slices.Store(Version, index, body, isKept =>
        {
            kept.SetResult(isKept);
            if (!isKept)
            {
                leases.OnDropped(this);
            }
        });
    }

    /// <summary>The end of a slice's way to Redis, when it goes there by itself, and whether it came there; null when the feed has to give it.</summary>
    public Task<bool>? WhenKept(int index)
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
            if (_isReleased || _isRevoked || index > Last || index < _feed?.First || IsStuckUnderLock(replica, index))
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

    /// <summary>Nothing of this version is to be written any more.</summary>
    public void Revoke()
    {
        RunFeed? feed;
        lock (_lock)
        {
            _isRevoked = true;
            feed = _feed;
        }

        feed?.Moved();
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
            _isEnding = feed is null;
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

    /// <summary>
    /// Ends the feed before slice <paramref name="index"/>, because nobody follows: from now on slices are kept whole, as before. False while the run has left slices to it that
    /// it has not given.
    /// </summary>
    internal bool TryEndFeed(int index)
    {
        lock (_lock)
        {
            if (_leftToFeed >= index || _followers.Count > 0)
            {
                return false;
            }

            _feed = null;
            return true;
        }
    }

    /// <summary>Called by the feed when it is over. The run may go on, and somebody else follow it later.</summary>
    internal void OnFeedOver(RunFeed feed)
    {
        string[] followers = [];
        bool isEnd;
        lock (_lock)
        {
            if (ReferenceEquals(_feed, feed))
            {
                _feed = null;
                followers = _isOver ? [] : [.. _followers.Keys];
            }

            isEnd = _isOver && _feed is null && !_isEnding;
            _isEnding |= isEnd;
            foreach (string follower in followers)
            {
                _followers.Remove(follower);
            }
        }

        _ = isEnd ? leases.EndAsync(this) : leases.TellEndAsync(this, followers);
    }

    /// <summary>Takes those who follow but do not move on out; they come back when they need more.</summary>
    internal void LetFollowersGo()
    {
        string[] followers;
        lock (_lock)
        {
            followers = [.. _followers.Keys];
            _followers.Clear();
        }

        _ = leases.TellEndAsync(this, followers);
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

    /// <summary>It asks again for a slice that was given: Redis has lost it, and waiting would be in vain.</summary>
    private bool IsStuckUnderLock(string replica, int index) =>
        index < _feed?.Index && _followers.TryGetValue(replica, out int known) && known == index;

    private RunFeed? TakeFeedUnderLock()
    {
        if (_feed is not null || _open is null || _isOver || _followers.Count == 0)
        {
            return null;
        }

        return _feed = leases.NewFeed(this, _open, _followers.Values.Min());
    }
}
