using System.Diagnostics.Metrics;
using S3Proxy.Caching.Redis;

namespace S3Proxy.Telemetry;

/// <summary>What is counted about commands to Redis (requirements W7, W8). Thread-safe. The meter belongs to the factory.</summary>
internal sealed class RedisMetrics
{
    private static readonly double[] BoundsSeconds = [0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1];

    private readonly Counter<long> _commands;
    private readonly Histogram<double> _seconds;
    private readonly Counter<long> _fills;
    private readonly Counter<long> _fillsDropped;
    private readonly Counter<long> _recordsRefused;
    private readonly Meter _meter;

    public RedisMetrics(IMeterFactory meterFactory)
    {
        _meter = meterFactory.Create(ProxyMetrics.MeterName);
        _commands = _meter.CreateCounter<long>("s3proxy.redis.commands", "{command}", "Commands and scripts for Redis, by how they ended.");
        _seconds = _meter.CreateHistogram(
            "s3proxy.redis",
            "s",
            "Time of the commands that Redis answered.",
            tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = BoundsSeconds });
        _fills = _meter.CreateCounter<long>("s3proxy.redis.fills", "{slice}", "Slices written to Redis.");
        _fillsDropped = _meter.CreateCounter<long>("s3proxy.redis.fills.dropped", "{slice}", "Slices that were not written to Redis, by why not.");
        _recordsRefused = _meter.CreateCounter<long>("s3proxy.redis.records.refused", "{record}", "Records read from Redis that are not used, by why not.");
    }

    /// <summary>A command ended.</summary>
    /// <param name="command">A command of Redis in lower case, or the name of a script.</param>
    /// <param name="result">How it ended.</param>
    /// <param name="elapsed">Since it was asked for.</param>
    public void Ended(string command, RedisCallResult result, TimeSpan elapsed)
    {
        KeyValuePair<string, object?> commandTag = new("command", command);
        _commands.Add(1, commandTag, new("result", NameOf(result)));
        if (result == RedisCallResult.Ok)
        {
            _seconds.Record(elapsed.TotalSeconds, commandTag);
        }
    }

    /// <summary>A slice was written.</summary>
    public void Filled() => _fills.Add(1);

    /// <summary>A slice was not written.</summary>
    public void FillDropped(FillDropReason reason) => _fillsDropped.Add(1, new KeyValuePair<string, object?>("reason", NameOf(reason)));

    /// <summary>Something that was read is not used.</summary>
    /// <param name="kind"><c>metadata</c> or <c>slice</c>.</param>
    /// <param name="problem">Why not.</param>
    public void RecordRefused(string kind, RecordProblem problem) =>
        _recordsRefused.Add(1, new KeyValuePair<string, object?>("kind", kind), new("problem", NameOf(problem)));

    /// <summary>Tells from now on how many bytes wait to be written.</summary>
    public void WatchQueue(Func<long> queuedBytes) =>
        _meter.CreateObservableGauge("s3proxy.redis.fills.queued", queuedBytes, "By", "Memory that waits to be written to Redis.");

    /// <summary>Tells from now on whether commands are sent.</summary>
    public void Watch(Func<bool> isAvailable) =>
        _meter.CreateObservableGauge("s3proxy.redis.available", () => isAvailable() ? 1 : 0, unit: null, "1 while commands are sent to Redis, 0 while it is left alone.");

    /// <summary>The one spelling of a result in metrics.</summary>
    public static string NameOf(RedisCallResult result) => result switch
    {
        RedisCallResult.Ok => "ok",
        RedisCallResult.TimedOut => "timed_out",
        RedisCallResult.Unreachable => "unreachable",
        RedisCallResult.Unable => "unable",
        RedisCallResult.Refused => "refused",
        RedisCallResult.NotTried => "not_tried",
        RedisCallResult.Cancelled => "cancelled",
        _ => throw new ArgumentOutOfRangeException(nameof(result), result, "The result has no spelling; add it to the table."),
    };

    /// <summary>The one spelling of a reason in metrics.</summary>
    public static string NameOf(FillDropReason reason) => reason switch
    {
        FillDropReason.Full => "full",
        FillDropReason.Unavailable => "unavailable",
        FillDropReason.Failed => "failed",
        FillDropReason.Ended => "ended",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "The reason has no spelling; add it to the table."),
    };

    /// <summary>The one spelling of a problem in metrics.</summary>
    public static string NameOf(RecordProblem problem) => problem switch
    {
        RecordProblem.Malformed => "malformed",
        RecordProblem.Corrupt => "corrupt",
        RecordProblem.UnknownLayout => "unknown_layout",
        RecordProblem.OtherIdentity => "other_identity",
        _ => throw new ArgumentOutOfRangeException(nameof(problem), problem, "The problem has no spelling; add it to the table."),
    };
}
