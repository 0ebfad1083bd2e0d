using System.Diagnostics.Metrics;

namespace S3Proxy.Telemetry;

/// <summary>What a replica counts about its fleet (requirements O3, I1). Reads as <c>s3proxy_fleet_…</c> in Prometheus.</summary>
/// <remarks>Thread-safe. The meter belongs to the factory.</remarks>
internal sealed class FleetMetrics
{
    private static readonly double[] AcknowledgeBoundsSeconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

    private readonly Counter<long> _invalidations;
    private readonly Counter<long> _acknowledged;
    private readonly Counter<long> _timedOut;
    private readonly Counter<long> _badMessages;
    private readonly Counter<long> _gaps;
    private readonly Histogram<double> _acknowledgeTime;
    private readonly Meter _meter;

    public FleetMetrics(IMeterFactory meterFactory)
    {
        _meter = meterFactory.Create(ProxyMetrics.MeterName);
        _invalidations = _meter.CreateCounter<long>("s3proxy.fleet.invalidations", "{message}", "Invalidations sent to other replicas, repetitions included.");
        _acknowledged = _meter.CreateCounter<long>("s3proxy.fleet.invalidations.acknowledged", "{replica}", "Replicas that acknowledged an invalidation.");
        _timedOut = _meter.CreateCounter<long>("s3proxy.fleet.invalidations.timed_out", "{replica}", "Replicas whose lease was waited for because they did not acknowledge.");
        _badMessages = _meter.CreateCounter<long>("s3proxy.fleet.messages.bad", "{message}", "Messages from other replicas that could not be read or handled.");
        _gaps = _meter.CreateCounter<long>("s3proxy.fleet.gaps", "{gap}", "Times that this replica could not be sure to hear what others change.");
        _acknowledgeTime = _meter.CreateHistogram(
            "s3proxy.fleet.acknowledge",
            "s",
            "Time until all replicas had acknowledged an invalidation or their leases were over.",
            tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = AcknowledgeBoundsSeconds });
    }

    /// <summary>An invalidation was sent to all, for the first time or again.</summary>
    public void InvalidationSent() => _invalidations.Add(1);

    /// <summary>A replica acknowledged one.</summary>
    public void Acknowledged() => _acknowledged.Add(1);

    /// <summary>A replica's lease was waited for instead.</summary>
    public void TimedOut() => _timedOut.Add(1);

    /// <summary>Everybody was waited for, so long.</summary>
    public void AcknowledgeTime(TimeSpan elapsed) => _acknowledgeTime.Record(elapsed.TotalSeconds);

    /// <summary>A message was dropped.</summary>
    public void BadMessage() => _badMessages.Add(1);

    /// <summary>This replica stopped hearing.</summary>
    public void Gap() => _gaps.Add(1);

    /// <summary>Tells from now on whether this replica hears, and how many members it knows.</summary>
    public void WatchMembership(Func<bool> isHearing, Func<int> members)
    {
        _meter.CreateObservableGauge("s3proxy.fleet.hearing", () => isHearing() ? 1 : 0, unit: null, "1 while this replica is sure to hear what others change.");
        _meter.CreateObservableGauge("s3proxy.fleet.members", members, "{replica}", "Replicas of the fleet, as far as this one knows, itself included.");
    }

    /// <summary>Tells from now on how much is to be told when Redis is back.</summary>
    public void WatchJournal(Func<int> length) =>
        _meter.CreateObservableGauge("s3proxy.fleet.journal", length, "{entry}", "Objects and buckets that were written while Redis could not be told.");
}
