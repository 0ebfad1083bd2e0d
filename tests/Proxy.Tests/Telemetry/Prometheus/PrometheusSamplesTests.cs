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

    [Fact]
    public void Labels_are_unescaped()
    {
        Assert.Equal(1500, _samples.Sum("s3proxy_odd_total", "origin", "a\"b\\c\n}"));
        Assert.Equal(["a\"b\\c\n}"], _samples.Values("origin"));
    }
}
