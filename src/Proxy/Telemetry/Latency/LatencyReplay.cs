using System.Diagnostics.Metrics;

namespace S3Proxy.Telemetry.Latency;

/// <summary>
/// Tells <see cref="LatencyMetrics"/> to the OpenTelemetry SDK, which has no histogram that is read when someone looks: what a bucket got since the last time is recorded as so many
/// values of their mean. Counts of buckets are exact, and so is the sum but for what is recorded at this very moment.
/// </summary>
/// <remarks>Not thread-safe: called by the one reader that exports. The meter is one that the Prometheus scraper does not listen to. The meter belongs to the factory.</remarks>
internal sealed class LatencyReplay
{
    /// <summary>The meter to listen to.</summary>
    public const string MeterName = "S3Proxy.Latency";

    private readonly LatencyMetrics _metrics;
    private readonly Histogram<double>[] _instruments;
    private readonly Dictionary<(int Family, int Series), LocalHistogramSnapshot> _told = [];

    public LatencyReplay(IMeterFactory meterFactory, LatencyMetrics metrics)
    {
        _metrics = metrics;
        Meter meter = meterFactory.Create(MeterName);
        _instruments =
        [
            .. metrics.All.Select(family => meter.CreateHistogram(
                family.Name, "s", family.Description, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [.. family.BoundsSeconds] })),
        ];
    }

    /// <summary>Records what came since the last call.</summary>
    public void Tell()
    {
        for (int family = 0; family < _instruments.Length; family++)
        {
            foreach ((LatencyLabels labels, LocalHistogramSnapshot now) in _metrics.All[family].Read())
            {
                _told.TryGetValue((family, labels.Index), out LocalHistogramSnapshot before);
                Tell(_metrics.All[family].BoundsSeconds, _instruments[family], labels.ToTags(), before, now);
                _told[(family, labels.Index)] = now;
            }
        }
    }

    private static void Tell(IReadOnlyList<double> bounds, Histogram<double> instrument, KeyValuePair<string, object?>[] tags, LocalHistogramSnapshot before, LocalHistogramSnapshot now)
    {
        for (int bucket = 0; bucket < now.Counts.Length; bucket++)
        {
            long count = now.Counts[bucket] - (before.Counts?[bucket] ?? 0);
            if (count > 0)
            {
                double mean = (now.SumsTicks[bucket] - (before.SumsTicks?[bucket] ?? 0)) / (double)count / TimeSpan.TicksPerSecond;
                double least = bucket == 0 ? 0 : Math.BitIncrement(bounds[bucket - 1]);
                double most = bucket == bounds.Count ? double.MaxValue : bounds[bucket];
                mean = Math.Clamp(mean, least, most);
                for (long i = 0; i < count; i++)
                {
                    instrument.Record(mean, tags);
                }
            }
        }
    }
}
