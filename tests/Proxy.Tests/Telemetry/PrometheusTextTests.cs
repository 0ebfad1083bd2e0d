using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using S3Proxy.Telemetry;

namespace S3Proxy.Tests.Telemetry;

/// <summary>Requirement O3.</summary>
public sealed class PrometheusTextTests
{
    [Theory]
    [InlineData("s3proxy.requests", "", true, "s3proxy_requests_total")]
    [InlineData("s3proxy.served", "By", true, "s3proxy_served_bytes_total")]
    [InlineData("s3proxy.first_byte", "s", false, "s3proxy_first_byte_seconds")]
    [InlineData("kestrel.active_connections", "{connection}", false, "kestrel_active_connections")]
    [InlineData("already.seconds", "s", false, "already_seconds")]
    [InlineData("bytes.total", "", true, "bytes_total")]
    public void Names_follow_unit_and_kind(string instrument, string unit, bool isCounter, string expected) =>
        Assert.Equal(expected, PrometheusText.NameOf(instrument, unit, isCounter));

    [Fact]
    public void Counters_gauges_and_histograms_are_written_with_their_labels_escaped()
    {
        using Meter meter = new("test");
        PrometheusExporter exporter = new();
        using MeterProvider provider = Sdk.CreateMeterProviderBuilder().AddMeter("test").AddReader(new BaseExportingMetricReader(exporter)).Build();
        meter.CreateCounter<long>("hits", description: "line\nbreak").Add(3, new KeyValuePair<string, object?>("key", "a\"b\\c\nd"));
        meter.CreateObservableGauge("level", () => 1.5, "By");
        Histogram<double> histogram = meter.CreateHistogram("wait", "s", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] });
        histogram.Record(0.05);
        histogram.Record(0.5);
        histogram.Record(5);

        string text = exporter.Scrape()!;

        Assert.Contains("# HELP hits_total line\\nbreak\n# TYPE hits_total counter\nhits_total{key=\"a\\\"b\\\\c\\nd\"} 3\n", text, StringComparison.Ordinal);
        Assert.Contains("# TYPE level_bytes gauge\nlevel_bytes 1.5\n", text, StringComparison.Ordinal);
        Assert.Contains("wait_seconds_bucket{le=\"0.1\"} 1\nwait_seconds_bucket{le=\"1\"} 2\nwait_seconds_bucket{le=\"+Inf\"} 3\nwait_seconds_sum 5.55\nwait_seconds_count 3\n", text, StringComparison.Ordinal);
    }
}
