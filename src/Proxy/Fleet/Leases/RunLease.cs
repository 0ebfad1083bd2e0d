using System.Text;
using S3Proxy.Caching.Redis;
using S3Proxy.Coalescing;
using S3Proxy.Fetching;

namespace S3Proxy.Fleet.Leases;

/// <summary>
/// The lease of a run of this replica, and those who follow it. Followers may begin at different slices in any order, so the run may have several feeds, each with a stretch of
/// its own.
/// </summary>
/// <remarks><c>_lock</c> protects the followers, the feeds and the end; nothing is called while it is held.</remarks>
internal sealed class RunLease(RunLeases leases, RedisVersion version, long fence, int last) : IRunLease
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _followers = new(StringComparer.Ordinal);
    private readonly List<RunFeed> _feeds = [];
    private readonly SortedSet<int> _early = [];
    private readonly Dictionary<int, Task<bool>> _kept = [];
    private Func<int, SliceWalker>? _open;
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
        List<RunFeed> started = [];
        lock (_lock)
        {
            _open = reads;
            foreach (int index in _early)
            {
                if (NewFeedUnderLock(index) is { } feed)
                {
                    started.Add(feed);
                }
            }

            _early.Clear();
        }

        foreach (RunFeed feed in started)
        {
            feed.Start();
        }
    }

    /// <inheritdoc/>
    public void Store(int index, SharedBody body)
    {
        TaskCompletionSource<bool> kept;
        lock (_lock)
        {
            if (_isReleased || _isRevoked || _kept.ContainsKey(index))
            {
                return;
            }

            if (FeedOfUnderLock(index) is { } feed)
            {
                feed.LeftUpTo = Math.Max(feed.LeftUpTo, index);
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
        RunFeed[] feeds;
        lock (_lock)
        {
            if (_isReleased || _isRevoked || index > Last || IsStuckUnderLock(replica, index))
            {
                return false;
            }

            _followers[replica] = Math.Max(index, _followers.GetValueOrDefault(replica));
            started = NewFeedUnderLock(index);
            feeds = [.. _feeds];
        }

        started?.Start();
        foreach (RunFeed feed in feeds)
        {
            feed.Moved();
        }

        return true;
    }

    /// <summary>Nothing of this version is to be written any more.</summary>
    public void Revoke()
    {
        RunFeed[] feeds;
        lock (_lock)
        {
            _isRevoked = true;
            feeds = [.. _feeds];
        }

        foreach (RunFeed feed in feeds)
        {
            feed.Moved();
        }
    }

    /// <summary>A replica follows no longer.</summary>
    public void Unfollow(string replica)
    {
        RunFeed[] feeds;
        lock (_lock)
        {
            _followers.Remove(replica);
            feeds = [.. _feeds];
        }

        foreach (RunFeed feed in feeds)
        {
            feed.Moved();
        }
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

    /// <summary>The run is over. Feeds go on with what is in memory, and the last of them ends the lease.</summary>
    public void Dispose()
    {
        RunFeed[] feeds;
        lock (_lock)
        {
            if (_isOver)
            {
                return;
            }

            _isOver = true;
            feeds = [.. _feeds];
            _isEnding = feeds.Length == 0;
        }

        if (feeds.Length == 0)
        {
            _ = leases.EndAsync(this);
        }

        foreach (RunFeed feed in feeds)
        {
            feed.Finish();
        }
    }

    /// <summary>Takes note that a feed has given a whole slice: it is in Redis.</summary>
    internal void OnGiven(int index)
    {
        lock (_lock)
        {
            _kept[index] = Task.FromResult(true);
        }
    }

    /// <summary>
    /// Ends a feed before slice <paramref name="index"/>, because nobody follows: from now on slices are kept whole, as before. False while the run has left slices to it that
    /// it has not given.
    /// </summary>
    internal bool TryEndFeed(RunFeed feed, int index)
    {
        lock (_lock)
        {
            if (feed.LeftUpTo >= index || _followers.Count > 0)
            {
                return false;
            }

            _feeds.Remove(feed);
            return true;
        }
    }

    /// <summary>Called by a feed when it is over. The run may go on, and somebody else follow it later.</summary>
    /// <param name="feed">The feed.</param>
    /// <param name="isDone">True when it has given its whole stretch, or nobody followed any more; else those who follow must not wait for it.</param>
    internal void OnFeedOver(RunFeed feed, bool isDone)
    {
        string[] followers = [];
        bool isEnd;
        lock (_lock)
        {
            bool isEarly = _feeds.Remove(feed) && !isDone && !_isOver;
            isEnd = _isOver && _feeds.Count == 0 && !_isEnding;
            _isEnding |= isEnd;
            if (isEarly)
            {
                followers = [.. _followers.Keys];
                _followers.Clear();
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
        FeedOfUnderLock(index) is { } feed && index < feed.Index && _followers.TryGetValue(replica, out int known) && known == index;

    private RunFeed? FeedOfUnderLock(int index) => _feeds.Find(feed => feed.First <= index && index <= feed.Last);

    /// <summary>
    /// A feed from <paramref name="index"/> on up to where another one begins. Null when one gives that slice already, the transfer is not open yet (it is noted then), or the run is
    /// over: then all is on its way to Redis, and the follower hears when it is there.
    /// </summary>
    private RunFeed? NewFeedUnderLock(int index)
    {
        if (_isOver || FeedOfUnderLock(index) is not null)
        {
            return null;
        }

        if (_open is null)
        {
            _early.Add(index);
            return null;
        }

        int last = Last;
        foreach (RunFeed other in _feeds)
        {
            last = other.First > index ? Math.Min(last, other.First - 1) : last;
        }

        RunFeed feed = leases.NewFeed(this, _open, index, last);
        _feeds.Add(feed);
        return feed;
    }
}
