namespace S3Proxy.Telemetry.Prometheus;

/// <summary>The metric types of the text format that are written.</summary>
internal enum PrometheusKind
{
    Counter,
    Gauge,
    Histogram,
}
