using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using S3Proxy.Configuration;
using S3Proxy.Telemetry.Latency;

namespace S3Proxy.Telemetry.Otlp;

/// <summary>Collects and sends metrics each interval, latencies included.</summary>
internal sealed class OtlpMetricReader(OtlpConfiguration configuration, LatencyReplay latencies)
    : PeriodicExportingMetricReader(new OtlpMetricExporter(OtlpExport.OptionsOf(configuration, "metrics")), (int)configuration.Interval.TotalMilliseconds)
{
    /// <inheritdoc/>
    protected override bool OnCollect(int timeoutMilliseconds)
    {
        // The base class collects one at a time.
        latencies.Tell();
        return base.OnCollect(timeoutMilliseconds);
    }
}
