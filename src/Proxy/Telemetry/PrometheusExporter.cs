using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace S3Proxy.Telemetry;

/// <summary>Collects metrics when asked and writes them as Prometheus text. One scrape at a time; the lock is held for its duration.</summary>
[ExportModes(ExportModes.Pull)]
internal sealed class PrometheusExporter : BaseExporter<Metric>, IPullMetricExporter
{
    private const int CollectTimeoutMilliseconds = 5000;
    private readonly Lock _lock = new();
    private string _text = "";

    /// <summary>Set by the reader that owns the exporter.</summary>
    public Func<int, bool>? Collect { get; set; }

    /// <summary>The metrics at this moment; null when they could not be collected in time.</summary>
    public string? Scrape()
    {
        lock (_lock)
        {
            _text = "";
            return Collect?.Invoke(CollectTimeoutMilliseconds) == true ? _text : null;
        }
    }

    public override ExportResult Export(in Batch<Metric> batch)
    {
        PrometheusText text = new();
        foreach (Metric metric in batch)
        {
            text.Write(metric);
        }

        _text = text.ToString();
        return ExportResult.Success;
    }
}
