using System.Diagnostics.Metrics;
using S3Proxy.Caching;
using S3Proxy.Coalescing;
using S3Proxy.Fetching;

namespace S3Proxy.Telemetry;

/// <summary>What is counted about flights: how long they took, how many shared them, how much they brought (requirements F12, O3). One record a fetch, whoever shares it.</summary>
/// <remarks>Thread-safe. No hit comes here. The meter belongs to the factory.</remarks>
internal sealed class FetchMetrics
{
    private static readonly double[] DurationBoundsSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];
    private static readonly long[] SizeBounds = [1 << 10, 16 << 10, 64 << 10, 256 << 10, 1 << 20, 4 << 20, 16 << 20, 64 << 20, 256 << 20, 1L << 30];
    private static readonly int[] ReaderBounds = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];
    private static readonly KeyValuePair<string, object?> OfObject = new("of", "object");
    private static readonly KeyValuePair<string, object?> OfRun = new("of", "run");

    private readonly Histogram<double> _duration;
    private readonly Histogram<long> _size;
    private readonly Histogram<int> _readers;
    private readonly Counter<long> _joins;

    public FetchMetrics(IMeterFactory meterFactory)
    {
        Meter meter = meterFactory.Create(ProxyMetrics.MeterName);
        _duration = meter.CreateHistogram(
            "s3proxy.flight.duration", "s", "Time that shared fetches took: of an object to its headers, of a run to its last byte.", tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = DurationBoundsSeconds });
        _size = meter.CreateHistogram(
            "s3proxy.flight.size", "By", "Bytes that runs brought into memory.", tags: null, new InstrumentAdvice<long> { HistogramBucketBoundaries = SizeBounds });
        _readers = meter.CreateHistogram(
            "s3proxy.flight.readers", "{reader}", "Requests that shared a fetch, the one that led it included.", tags: null, new InstrumentAdvice<int> { HistogramBucketBoundaries = ReaderBounds });
        _joins = meter.CreateCounter<long>("s3proxy.flight.joins", "{request}", "Times that a request joined a fetch another one led.");
    }

    /// <summary>The fetch of an object's headers ended.</summary>
    public void ObjectEnded(FlightState state, int readers, TimeSpan elapsed)
    {
        _duration.Record(elapsed.TotalSeconds, OfObject, ResultOf(state));
        _readers.Record(readers, OfObject);
    }

    /// <summary>A run ended.</summary>
    public void RunEnded(FlightState state, int readers, long bytes, TimeSpan elapsed)
    {
        _duration.Record(elapsed.TotalSeconds, OfRun, ResultOf(state));
        _readers.Record(readers, OfRun);
        _size.Record(bytes);
    }

    /// <summary>Hears who joins the flights of objects.</summary>
    public FlightObserver<ObjectFlightKey> Objects() => new Joins<ObjectFlightKey>(_joins, OfObject);

    /// <summary>Hears who joins the flights of slices.</summary>
    public FlightObserver<SliceKey> Slices() => new Joins<SliceKey>(_joins, OfRun);

    /// <summary>The one spelling of how flights end.</summary>
    public static string NameOf(FlightState state) => state switch
    {
        FlightState.Complete => "complete",
        FlightState.Failed => "failed",
        FlightState.Superseded => "superseded",
        _ => "cancelled",
    };

    private static KeyValuePair<string, object?> ResultOf(FlightState state) => new("result", NameOf(state));

    private sealed class Joins<TKey>(Counter<long> joins, KeyValuePair<string, object?> of) : FlightObserver<TKey>
    {
        public override void OnJoined(TKey key, int participants) => joins.Add(1, of);
    }
}
