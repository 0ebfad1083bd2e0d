using System.Diagnostics.Metrics;
using S3Proxy.Coalescing.Batching;
using S3Proxy.Coalescing.Waking;
using S3Proxy.Fleet.Leases;

namespace S3Proxy.Telemetry;

/// <summary>What a replica counts about lookups, leases and wakes (requirements B6, O3). Reads as <c>s3proxy_fleet_…</c> in Prometheus.</summary>
/// <remarks>Thread-safe. The meter belongs to the factory.</remarks>
internal sealed class LeaseMetrics : BatchObserver
{
    private static readonly double[] BatchBounds = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];
    private static readonly double[] WaitBoundsSeconds = [0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1];

    private readonly Counter<long> _lookups;
    private readonly Counter<long> _commits;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _orphaned;
    private readonly Counter<long> _wakes;
    private readonly Counter<long> _missed;
    private readonly Histogram<int> _batchSize;
    private readonly Histogram<double> _batchWait;
    private readonly Histogram<double> _roundTrip;
    private readonly Meter _meter;

    public LeaseMetrics(IMeterFactory meterFactory)
    {
        _meter = meterFactory.Create(ProxyMetrics.MeterName);
        _lookups = _meter.CreateCounter<long>("s3proxy.fleet.lookups", "{lookup}", "Questions to Redis about objects and runs, by what came of them.");
        _commits = _meter.CreateCounter<long>("s3proxy.fleet.commits", "{commit}", "Metadata given to other replicas, by what became of it.");
        _refused = _meter.CreateCounter<long>("s3proxy.fleet.lookups.refused", "{lookup}", "Questions that were not asked because too many waited.");
        _orphaned = _meter.CreateCounter<long>("s3proxy.fleet.lookups.orphaned", "{lookup}", "Answers whose asker had left; what they granted was given back.");
        _wakes = _meter.CreateCounter<long>("s3proxy.fleet.wakes", "{wake}", "Waits for another replica that ended, by reason.");
        _missed = _meter.CreateCounter<long>("s3proxy.fleet.wakes.missed", "{wake}", "Waits for another replica whose end nobody told of; found by looking.");
        _batchSize = _meter.CreateHistogram<int>(
            "s3proxy.fleet.batch.size", "{lookup}", "Questions in one round trip.", tags: null, new InstrumentAdvice<int> { HistogramBucketBoundaries = [.. BatchBounds.Select(bound => (int)bound)] });
        _batchWait = _meter.CreateHistogram(
            "s3proxy.fleet.batch.wait", "s", "How long the oldest question of a batch waited for it to leave.", tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = WaitBoundsSeconds });
        _roundTrip = _meter.CreateHistogram(
            "s3proxy.fleet.batch.round_trip", "s", "Time from a batch's departure to its answer.", tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = WaitBoundsSeconds });
    }

    /// <summary>A lookup was answered.</summary>
    public void LookedUp(LeaseVerdict verdict, bool isRun) =>
        _lookups.Add(1, new KeyValuePair<string, object?>("of", isRun ? "run" : "object"), new KeyValuePair<string, object?>("result", WireOf(verdict)));

    /// <summary>A commit was answered.</summary>
    public void Committed(CommitVerdict verdict) => _commits.Add(1, new KeyValuePair<string, object?>("result", verdict switch
    {
        CommitVerdict.Done => "done",
        CommitVerdict.Invalidated => "invalidated",
        CommitVerdict.Uncertain => "uncertain",
        _ => "overtaken",
    }));

    /// <summary>Tells from now on how many runs this replica brings for all.</summary>
    public void WatchRuns(Func<int> count) => _meter.CreateObservableGauge("s3proxy.fleet.runs", count, "{run}", "Runs that this replica brings for all.");

    /// <summary>An observer for those who wait for <paramref name="what"/>.</summary>
    public WakeObserver WakesOf(string what) => new Wakes(this, what);

    /// <inheritdoc/>
    public override void OnSent(int lane, int requests, TimeSpan oldestWaited)
    {
        _batchSize.Record(requests);
        _batchWait.Record(oldestWaited.TotalSeconds);
    }

    /// <inheritdoc/>
    public override void OnReturned(int lane, int requests, TimeSpan roundTrip, Exception? failure) => _roundTrip.Record(roundTrip.TotalSeconds);

    /// <inheritdoc/>
    public override void OnRefused() => _refused.Add(1);

    /// <inheritdoc/>
    public override void OnOrphaned(Exception? failure) => _orphaned.Add(1);

    private static string WireOf(LeaseVerdict verdict) => verdict switch
    {
        LeaseVerdict.Known => "known",
        LeaseVerdict.Granted => "granted",
        LeaseVerdict.Held => "held",
        LeaseVerdict.Uncertain => "uncertain",
        _ => "alone",
    };

    private sealed class Wakes(LeaseMetrics metrics, string what) : WakeObserver
    {
        public override void OnWoken(WakeReason reason) =>
            metrics._wakes.Add(1, new KeyValuePair<string, object?>("of", what), new KeyValuePair<string, object?>("reason", reason switch
            {
                WakeReason.Completed => "completed",
                WakeReason.Invalidated => "invalidated",
                WakeReason.LeaderFailed => "leader_failed",
                WakeReason.LeaseExpired => "lease_expired",
                WakeReason.HeardAgain => "heard_again",
                _ => "due",
            }));

        public override void OnMissed() => metrics._missed.Add(1, new KeyValuePair<string, object?>("of", what));
    }
}
