using System.Diagnostics.Metrics;
using S3Proxy.Limiting;

namespace S3Proxy.Telemetry;

/// <summary>What limits on clients refuse, and how many clients are known to them.</summary>
/// <remarks>Thread-safe. Clients are not told apart: there may be any number. The meter belongs to the factory.</remarks>
internal sealed class LimitMetrics
{
    private readonly Counter<long> _limited;
    private readonly List<(KeyValuePair<string, object?> Scope, Func<int> Count, Func<long> Forgotten)> _tables = [];

    public LimitMetrics(IMeterFactory meterFactory)
    {
        Meter meter = meterFactory.Create(ProxyMetrics.MeterName);
        _limited = meter.CreateCounter<long>("s3proxy.limited", "{request}", "Requests refused because their client has had what it may have.");
        meter.CreateObservableGauge(
            "s3proxy.limits.tracked", () => _tables.Select(table => new Measurement<long>(table.Count(), table.Scope)), "{client}", "Keys and addresses that limits remember.");
        meter.CreateObservableCounter(
            "s3proxy.limits.forgotten", () => _tables.Select(table => new Measurement<long>(table.Forgotten(), table.Scope)), "{client}", "Keys and addresses that limits forgot for want of room.");
    }

    /// <summary>A request was refused.</summary>
    public void Limited(LimitScope scope, LimitKind kind) => _limited.Add(1, Tag(scope), new("kind", kind == LimitKind.Rate ? "rate" : "concurrency"));

    /// <summary>Tells of a table from now on. Called while the process is built.</summary>
    public void Watch(LimitScope scope, Func<int> count, Func<long> forgotten) => _tables.Add((Tag(scope), count, forgotten));

    private static KeyValuePair<string, object?> Tag(LimitScope scope) => new("scope", scope == LimitScope.Key ? "key" : "address");
}
