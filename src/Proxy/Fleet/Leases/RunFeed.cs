using S3Proxy.Caching.Redis;
using S3Proxy.Coalescing;
using S3Proxy.Fetching;

namespace S3Proxy.Fleet.Leases;

/// <summary>
/// One more reader of a run, which writes what it reads to Redis for the replicas that follow, as it comes (requirement W1). It counts for the run's pace, and stays a few
/// slices ahead of the furthest follower, so that what nobody has asked for does not fill Redis.
/// </summary>
/// <remarks>One task reads and writes. <c>_lock</c> protects its wake signal. While it waits for followers it holds no memory, and a place in the run.</remarks>
internal sealed class RunFeed(RunLease lease, SharedSlices slices, IFleetChannel channel, Func<int, SliceWalker> open, int first, TimeProvider timeProvider, ILogger logger)
{
    /// <summary>Below the size at which arrays are large objects, which are collected seldom.</summary>
    private const int FrameBytes = 64 * 1024;

    private const int WindowSlices = 4;

    /// <summary>How long followers that do not move on are waited for. They are told that the run has ended, and come back when they need more.</summary>
    private static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private TaskCompletionSource? _moved;
    private volatile bool _isOver;
    private volatile bool _isRunOver;

    /// <summary>First slice that followers are given.</summary>
    public int First { get; } = first;

    /// <summary>True once nothing more is given.</summary>
    public bool IsOver => _isOver;

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
        _isRunOver = true;
        Moved();
    }

    private async Task RunAsync()
    {
        try
        {
            using SliceWalker walker = open(lease.Last);
            for (int index = First; index <= lease.Last && await IsWantedAsync(index); index++)
            {
                if (lease.WhenKept(index) is { } kept)
                {
                    await kept;
                    TellAll();
                }
                else if ((_isRunOver && !walker.IsAtHand(index)) || !await TryFeedAsync(walker, index))
                {
                    break;
                }
            }
        }
#pragma warning disable CA1031 // Followers must hear the end, whatever it was; they go on by themselves.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Log.FeedEnded(logger, lease.Version.Version.Id, error);
        }
        finally
        {
            _isOver = true;
            lease.OnFeedOver();
        }
    }

    /// <summary>Waits until a follower is near; false when none is left, or none has moved for too long.</summary>
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
            if (furthest < 0)
            {
                return false;
            }

            if (index <= furthest + WindowSlices || _isRunOver)
            {
                return true;
            }

            try
            {
                await moved.WaitAsync(IdleLimit, timeProvider);
            }
            catch (TimeoutException)
            {
                return false;
            }
        }
    }

    private async ValueTask<bool> TryFeedAsync(SliceWalker walker, int index)
    {
        byte[] buffer = new byte[FrameBytes];
        int length = walker.LengthOf(index);
        for (int offset = 0; offset < length;)
        {
            int read = await walker.ReadAsync(index, offset, buffer.AsMemory(0, Math.Min(buffer.Length, length - offset)), CancellationToken.None);
            await slices.AppendAsync(lease.Version, index, offset, buffer.AsMemory(0, read), CancellationToken.None);
            offset += read;
            if (!TellAll())
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
