using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using S3Proxy.Telemetry.Latency;

namespace S3Proxy.Telemetry.Prometheus;

/// <summary>Renders what the OpenTelemetry SDK collected, and the latencies that it does not see, in the text format of Prometheus, families in the order of their names.</summary>
/// <remarks>
/// Not thread-safe: one scrape at a time. Metrics of different instruments that come to the same name (which the instruments listened to do
/// not) are not merged; the first one is told, because a family that stands twice would fail the whole scrape.
/// </remarks>
[ExportModes(ExportModes.Pull)]
internal sealed class PrometheusExporter(LatencyMetrics latency) : BaseExporter<Metric>, IPullMetricExporter
{
    private string? _text;

    /// <summary>Set by the reader this exporter is given to; the argument is a time-out in milliseconds.</summary>
    public Func<int, bool>? Collect { get; set; }

    /// <summary>Collects and renders; null when there is no reader, or when it was shut down.</summary>
    public string? Scrape()
    {
        _text = null;
        return Collect is { } collect && collect(Timeout.Infinite) ? _text ?? "" : null;
    }

    /// <inheritdoc/>
    public override ExportResult Export(in Batch<Metric> batch)
    {
        SortedDictionary<string, Action<StringBuilder>> families = new(StringComparer.Ordinal);
        foreach (LatencyFamily family in latency.All)
        {
            string name = PrometheusNames.FamilyOf(family.Name, "s", PrometheusKind.Histogram);
            families.Add(name, text => PrometheusLatency.Append(text, name, family));
        }

        foreach (Metric metric in batch)
        {
            if (PrometheusFamily.KindOf(metric.MetricType) is { } kind)
            {
                string name = PrometheusNames.FamilyOf(metric.Name, metric.Unit, kind);
                families.TryAdd(name, text => PrometheusFamily.Append(text, name, kind, metric));
            }
        }

        StringBuilder text = new();
        foreach (Action<StringBuilder> append in families.Values)
        {
            append(text);
        }

        _text = text.ToString();
        return ExportResult.Success;
    }
}
