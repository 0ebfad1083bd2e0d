using System.Text;
using S3Proxy.Telemetry.Prometheus;

namespace S3Proxy.Tests.Telemetry.Prometheus;

public sealed class PrometheusSamplesTests
{
    private const string Text =
        """
        # HELP s3proxy_requests_total Reads.
        # TYPE s3proxy_requests_total counter
        s3proxy_requests_total{operation="get",outcome="HIT"} 7
        s3proxy_requests_total{operation="head",outcome="HIT"} 2
        s3proxy_requests_total{operation="get",outcome="MISS"} 1
        s3proxy_flights 3
        s3proxy_odd_total{origin="a\"b\\c\n}",status="200"} 1.5e3
        s3proxy_first_byte_seconds_bucket{operation="get",outcome="HIT",le="0.001"} 50
        s3proxy_first_byte_seconds_bucket{operation="get",outcome="HIT",le="0.01"} 50
        s3proxy_first_byte_seconds_bucket{operation="get",outcome="HIT",le="0.1"} 90
        s3proxy_first_byte_seconds_bucket{operation="get",outcome="HIT",le="+Inf"} 100
        s3proxy_first_byte_seconds_bucket{operation="get",outcome="MISS",le="0.1"} 100
        s3proxy_first_byte_seconds_bucket{operation="get",outcome="MISS",le="+Inf"} 100
        s3proxy_first_byte_seconds_bucket{operation="put",outcome="BYPASS",le="+Inf"} 0
        dotnet_timers 9
        s3proxy_broken{x="1
        s3proxy_broken
        """;

    private readonly PrometheusSamples _samples = PrometheusSamples.Parse(Encoding.UTF8.GetBytes(Text));

    [Fact]
    public void Samples_are_added_up_by_name_and_label()
    {
        Assert.Equal(10, _samples.Sum("s3proxy_requests_total"));
        Assert.Equal(9, _samples.Sum("s3proxy_requests_total", "outcome", "HIT"));
        Assert.Equal(8, _samples.Sum("s3proxy_requests_total", "operation", "get"));
        Assert.Equal(3, _samples.Sum("s3proxy_flights"));
        Assert.Equal(0, _samples.Sum("s3proxy_nothing"));
        Assert.False(_samples.Has("dotnet_timers"));
    }

    [Theory]
    [InlineData(0.25, 0.0005)]
    [InlineData(0.5, 0.001)]
    [InlineData(0.7, 0.055)]
    [InlineData(0.99, 0.1)]
    public void Quantiles_lie_evenly_in_their_bucket(double share, double seconds) =>
        Assert.Equal(seconds, _samples.Quantile("s3proxy_first_byte_seconds", share, ("operation", "get"), ("outcome", "HIT"))!.Value, 9);

    [Fact]
    public void Series_of_a_histogram_are_added_up_and_one_without_values_has_no_quantile()
    {
        Assert.Equal(0.1, _samples.Quantile("s3proxy_first_byte_seconds", 0.99, ("operation", "get"))!.Value, 9);
        Assert.Null(_samples.Quantile("s3proxy_first_byte_seconds", 0.5, ("operation", "put")));
        Assert.Null(_samples.Quantile("s3proxy_nothing", 0.5));
    }

    [Fact]
    public void Labels_are_unescaped()
    {
        Assert.Equal(1500, _samples.Sum("s3proxy_odd_total", "origin", "a\"b\\c\n}"));
        Assert.Equal(["a\"b\\c\n}"], _samples.Values("origin"));
    }
}
