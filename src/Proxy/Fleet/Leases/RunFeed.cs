using S3Proxy.Caching.Redis;
using S3Proxy.Coalescing;
using S3Proxy.Fetching;

namespace S3Proxy.Fleet.Leases;

/// <summary>
/// One more reader of a run, which writes what it reads to Redis for the replicas that follow, as it comes (requirement W1). It counts for the run's pace, and stays a few
/// slices ahead of the furthest follower, so that what nobody has asked for does not fill Redis.
/// </summary>
/// <remarks>One task reads and writes. <c>_lock</c> protects its wake signal. While it waits for followers it holds no memory, and a place in the run.</remarks>
internal sealed class RunFeed(RunLease lease, SharedSlices slices, IFleetChannel channel, Func<int, SliceWalker> open, int first, int last, TimeProvider timeProvider, ILogger logger)
{
    /// <summary>Below the size at which arrays are large objects, which are collected seldom.</summary>
    private const int FrameBytes = 64 * 1024;

    private const int WindowSlices = 4;

    /// <summary>How long followers that do not move on are waited for. They are told that the run has ended, and come back when they need more.</summary>
    private static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private TaskCompletionSource? _moved;
    private readonly TaskCompletionSource _runOver = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile int _index = first;

    /// <summary>First slice that followers are given.</summary>
    public int First { get; } = first;

    /// <summary>Last slice that followers are given; another feed may give those behind it.</summary>
    public int Last { get; } = last;

    /// <summary>Last slice that the run has left to this feed to be written; -1 for none. The lease's lock protects it.</summary>
    public int LeftUpTo { get; set; } = -1;

    /// <summary>The slice that is given now; those between <see cref="First"/> and it were given.</summary>
    public int Index => _index;

    private bool IsRunOver => _runOver.Task.IsCompleted;

    public void Start() => FetchStart.Queue(static feed => _ = feed.RunAsync(), this, TaskScheduler.Default);

    /// <summary>A follower has come further, or has left.</summary>
    public void Moved()
    {
        TaskCompletionSource? moved;
        lock (_lock)
        {
            moved = _moved;
            _moved = null;
        }

        moved?.SetResult();
    }

    /// <summary>The run has ended: what it has brought is still given.</summary>
    public void Finish()
    {
        _runOver.TrySetResult();
        Moved();
    }

    private async Task RunAsync()
    {
        bool isDone = false;
        try
        {
            isDone = await FeedAsync();
        }
        catch (FetchException error) when (error.Failure == FetchFailure.Corrupt)
        {
            // The run tells all replicas before it ends. Who heard of this end first would go on as if what it has were right.
            Log.FeedEnded(logger, lease.Version.Version.Id, error);
            await _runOver.Task;
        }
#pragma warning disable CA1031 // Followers must hear the end, whatever it was; they go on by themselves.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Log.FeedEnded(logger, lease.Version.Version.Id, error);
        }
        finally
        {
            lease.OnFeedOver(this, isDone);
        }
    }

    /// <summary>Gives slice after slice; false when it ends before its last one although somebody follows.</summary>
    private async Task<bool> FeedAsync()
    {
        using SliceWalker walker = open(Last);
        for (; _index <= Last && !lease.IsRevoked; _index++)
        {
            bool isWanted = await IsWantedAsync(_index);
            if (!isWanted && lease.TryEndFeed(this, _index))
            {
                return true;
            }

            if (await IsKeptAsync(_index))
            {
                TellAll();
            }
            else if ((!isWanted || IsRunOver) && !walker.IsAtHand(_index))
            {
                // Those who follow ask for it themselves.
                if (isWanted)
                {
                    return false;
                }
            }
            else if (!await TryFeedAsync(walker, _index))
            {
                return false;
            }
            else
            {
                lease.OnGiven(_index);
            }
        }

        return !lease.IsRevoked;
    }

    /// <summary>
    /// Waits for a slice that goes to Redis by itself; false when none goes, or it was dropped. Of the first slice it is not believed that it has come there long ago: the follower
    /// has not found it.
    /// </summary>
    private async ValueTask<bool> IsKeptAsync(int index) =>
        lease.WhenKept(index) is { } kept && (index > First || !kept.IsCompleted) && await kept;

    /// <summary>Waits until a follower is near; false when none is left, also because none has moved for too long.</summary>
    private async ValueTask<bool> IsWantedAsync(int index)
    {
        while (true)
        {
            Task moved;
            lock (_lock)
            {
                moved = (_moved ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            int furthest = lease.FurthestWanted;
            if (furthest < 0 || lease.IsRevoked)
            {
                return false;
            }

            if (index <= furthest + WindowSlices || IsRunOver)
            {
                return true;
            }

            try
            {
                await moved.WaitAsync(IdleLimit, timeProvider);
            }
            catch (TimeoutException)
            {
                lease.LetFollowersGo();
                return false;
            }
        }
    }

    /// <summary>Gives a slice as it comes; false when that is over: nobody follows, and nothing was left to the feed, or the bytes are in doubt.</summary>
    private async ValueTask<bool> TryFeedAsync(SliceWalker walker, int index)
    {
        byte[] buffer = new byte[FrameBytes];
        int length = walker.LengthOf(index);
        for (int offset = 0; offset < length;)
        {
            int read = await walker.ReadAsync(index, offset, buffer.AsMemory(0, Math.Min(buffer.Length, length - offset)), CancellationToken.None);
            await slices.AppendAsync(lease.Version, index, offset, buffer.AsMemory(0, read), CancellationToken.None);
            offset += read;
            if (lease.IsRevoked)
            {
                // What was removed must not come back by a frame that was on its way.
                await slices.RemoveAsync(lease.Version, index, CancellationToken.None);
                return false;
            }

            if (!TellAll() && lease.TryEndFeed(this, index))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>False when nobody follows.</summary>
    private bool TellAll()
    {
        string[] followers = lease.Followers;
        foreach (string follower in followers)
        {
            _ = TellAsync(follower);
        }

        return followers.Length > 0;
    }

    private async Task TellAsync(string follower)
    {
        try
        {
            await channel.SendAsync(follower, FleetMessageKind.Progress, lease.NameBytes, CancellationToken.None);
        }
        catch (RedisUnavailableException)
        {
            // It looks for itself after a while.
        }
    }
}
