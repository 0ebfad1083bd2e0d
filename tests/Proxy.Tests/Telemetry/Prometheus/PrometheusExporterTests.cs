using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using S3Proxy.Telemetry.Latency;
using S3Proxy.Telemetry.Prometheus;

namespace S3Proxy.Tests.Telemetry.Prometheus;

public sealed class PrometheusExporterTests : IDisposable
{
    // Listeners choose meters by name, for the whole process.
    private readonly Meter _meter = new($"exporter-{Guid.NewGuid():N}");
    private readonly PrometheusExporter _exporter = new(new LatencyMetrics());
    private readonly MeterProvider _provider;

    public PrometheusExporterTests() => _provider = Sdk.CreateMeterProviderBuilder()
        .AddMeter(_meter.Name)
        .AddReader(new BaseExportingMetricReader(_exporter))
        .Build();

    public void Dispose()
    {
        _provider.Dispose();
        _exporter.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public void Families_come_in_order_of_name_and_series_in_order_of_labels_whatever_came_first()
    {
        Counter<long> late = _meter.CreateCounter<long>("zebra", "{animal}", "Striped.");
        late.Add(2, new KeyValuePair<string, object?>("where", "zoo"));
        late.Add(1, new KeyValuePair<string, object?>("where", "plain"));
        _meter.CreateObservableGauge("ape", () => 7, description: "Not striped.");

        const string Expected = """
            # HELP ape Not striped.
            # TYPE ape gauge
            ape 7
            # HELP zebra_total Striped.
            # TYPE zebra_total counter
            zebra_total{where="plain"} 1
            zebra_total{where="zoo"} 2

            """;
        Assert.Equal(Expected, _exporter.Scrape());
        Assert.Equal(Expected, _exporter.Scrape());
    }

    [Fact]
    public void Label_values_cannot_break_out_of_their_quotes_or_their_line()
    {
        _meter.CreateCounter<long>("c").Add(1, new KeyValuePair<string, object?>("v", "a\"b\\c\nd} 9\n# TYPE x"));

        Assert.Contains("""c_total{v="a\"b\\c\nd} 9\n# TYPE x"} 1""" + "\n", _exporter.Scrape(), StringComparison.Ordinal);
    }

    [Fact]
    public void Help_cannot_break_out_of_its_line_and_falls_back_to_the_name()
    {
        _meter.CreateCounter<long>("a", null, "one\ntwo \\ \"three\"").Add(1);
        _meter.CreateCounter<long>("b.c").Add(1);

        string? text = _exporter.Scrape();

        Assert.Contains("""# HELP a_total one\ntwo \\ "three" """.TrimEnd() + "\n", text, StringComparison.Ordinal);
        Assert.Contains("# HELP b_c_total b.c\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Tags_that_become_one_label_share_it()
    {
        _meter.CreateCounter<long>("c").Add(1, new("a.b", "1"), new("a_b", true));

        Assert.Contains("c_total{a_b=\"1;true\"} 1\n", _exporter.Scrape(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_two_instruments_come_to_is_told_once()
    {
        _meter.CreateCounter<long>("d.e").Add(1);
        _meter.CreateCounter<long>("d_e").Add(5);

        Assert.Equal("# HELP d_e_total d.e\n# TYPE d_e_total counter\nd_e_total 1\n", _exporter.Scrape());
    }

    [Fact]
    public void Histograms_accumulate_and_end_with_everything()
    {
        Histogram<double> histogram = _meter.CreateHistogram(
            "h", "s", "Waits.", tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] });
        foreach (double seconds in new[] { 0.05, 0.1, 0.5, 2 })
        {
            histogram.Record(seconds);
        }

        Assert.Equal(
            """
            # HELP h_seconds Waits.
            # TYPE h_seconds histogram
            h_seconds_bucket{le="0.1"} 2
            h_seconds_bucket{le="1"} 3
            h_seconds_bucket{le="+Inf"} 4
            h_seconds_sum 2.65
            h_seconds_count 4

            """,
            _exporter.Scrape());
    }

    [Fact]
    public void A_histogram_without_bounds_still_has_the_bucket_of_everything()
    {
        _meter.CreateHistogram("h", null, "Sizes.", tags: null, new InstrumentAdvice<long> { HistogramBucketBoundaries = [] }).Record(3);

        Assert.Contains("# TYPE h histogram\nh_bucket{le=\"+Inf\"} 1\nh_sum 3\nh_count 1\n", _exporter.Scrape(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(double.PositiveInfinity, "+Inf")]
    [InlineData(double.NegativeInfinity, "-Inf")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(-0.25, "-0.25")]
    public void Numbers_are_spelt_as_the_format_wants(double value, string expected)
    {
        _meter.CreateObservableGauge("g", () => value);

        Assert.Contains($"\ng {expected}\n", _exporter.Scrape(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_may_go_down_is_a_gauge()
    {
        _meter.CreateUpDownCounter<long>("u").Add(-3);
        _meter.CreateUpDownCounter<double>("v").Add(1.5);

        string? text = _exporter.Scrape();

        Assert.Contains("# TYPE u gauge\nu -3\n", text, StringComparison.Ordinal);
        Assert.Contains("# TYPE v gauge\nv 1.5\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_exporter_without_a_reader_tells_nothing()
    {
        using PrometheusExporter alone = new(new LatencyMetrics());

        Assert.Null(alone.Scrape());
    }
}
