using System.Globalization;
using S3Proxy.Caching.Memory;
using S3Proxy.Fetching;
using S3Proxy.Routing;

namespace S3Proxy.Warming;

/// <summary>The warm-ups of this process: a few run, a few wait, and those that ended last are remembered. Kept in memory alone.</summary>
/// <remarks>Thread-safe. <c>_lock</c> protects the list; those of jobs are taken inside it, never the other way round. Jobs are started and cancelled outside of it.</remarks>
internal sealed class WarmJobs(FetchServices services, FlightTables tables, MemoryTier memory, TimeProvider timeProvider) : IDisposable
{
    /// <summary>Jobs that run at the same time.</summary>
    public const int MaxRunning = 2;

    /// <summary>Jobs that wait for one of them to end.</summary>
    public const int MaxWaiting = 8;

    /// <summary>Jobs that are over and still told of.</summary>
    public const int MaxOver = 20;

    private readonly Lock _lock = new();
    private readonly List<WarmJob> _jobs = [];
    private readonly BucketListing _listing = new(services.Origin, timeProvider);
    private readonly ObjectWarmer _warmer = new(services, tables);
    private int _running;
    private int _lastId;
    private bool _isOver;

    /// <summary>The jobs, newest first.</summary>
    public IReadOnlyList<WarmJob> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _jobs.AsEnumerable().Reverse()];
            }
        }
    }

    /// <summary>The job of this id; null when there is none, or none any more.</summary>
    public WarmJob? Find(string id)
    {
        lock (_lock)
        {
            return _jobs.Find(job => job.Id == id);
        }
    }

    /// <summary>Adds a job, which starts when it is its turn; null when too many wait.</summary>
    public WarmJob? TryAdd(WarmRequest request, BucketRoute route)
    {
        WarmJob job;
        lock (_lock)
        {
            if (_isOver || _jobs.Count(other => !other.IsOver) >= MaxRunning + MaxWaiting)
            {
                return null;
            }

            job = new WarmJob((++_lastId).ToString(CultureInfo.InvariantCulture), request, route, _listing, _warmer, memory, timeProvider);
            _jobs.Add(job);
            ForgetOldest();
        }

        StartNext();
        return job;
    }

    /// <summary>Cancels all jobs; none is taken any more. Idempotent.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isOver = true;
        }

        foreach (WarmJob job in All)
        {
            job.Cancel();
        }
    }

    private void StartNext()
    {
        WarmJob? next;
        lock (_lock)
        {
            if (_running >= MaxRunning || _isOver)
            {
                return;
            }

            next = _jobs.Find(job => job.Look().State == WarmState.Queued && !job.IsOver && !job.IsTaken);
            if (next is null)
            {
                return;
            }

            next.IsTaken = true;
            _running++;
        }

        _ = RunAsync(next);
    }

    private async Task RunAsync(WarmJob job)
    {
        await Task.Yield();
        try
        {
            await job.RunAsync();
        }
        finally
        {
            lock (_lock)
            {
                _running--;
            }

            StartNext();
        }
    }

    private void ForgetOldest()
    {
        for (int over = _jobs.Count(job => job.IsOver); over > MaxOver; over--)
        {
            _jobs.Remove(_jobs.Find(job => job.IsOver)!);
        }
    }
}
