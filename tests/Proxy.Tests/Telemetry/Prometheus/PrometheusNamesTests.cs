using S3Proxy.Telemetry.Prometheus;

namespace S3Proxy.Tests.Telemetry.Prometheus;

public sealed class PrometheusNamesTests
{
    [Theory]
    [InlineData("s3proxy.requests", "{request}", "Counter", "s3proxy_requests_total")]
    [InlineData("s3proxy.served.bytes", "By", "Counter", "s3proxy_served_bytes_total")]
    [InlineData("already_total", "", "Counter", "already_total")]
    [InlineData("waited_total", "s", "Counter", "waited_seconds_total")]
    [InlineData("s3proxy.first_byte", "s", "Histogram", "s3proxy_first_byte_seconds")]
    [InlineData("s3proxy.memory", "By", "Gauge", "s3proxy_memory_bytes")]
    [InlineData("fill", "1", "Gauge", "fill_ratio")]
    [InlineData("fill", "1", "Counter", "fill_total")]
    [InlineData("rate", "By/s", "Gauge", "rate_bytes_per_second")]
    [InlineData("rate", "{request}/s", "Gauge", "rate_per_second")]
    [InlineData("load", "%", "Gauge", "load_percent")]
    [InlineData("odd", "fur/lo ng", "Gauge", "odd_fur_per_lo_ng")]
    [InlineData("2nd.name", "", "Gauge", "_2nd_name")]
    [InlineData("a..b--c:d", "", "Gauge", "a_b_c:d")]
    [InlineData("größe", "", "Gauge", "gr_e")]
    [InlineData("", "", "Gauge", "_")]
    public void Families_are_named_by_instrument_unit_and_type(string instrument, string unit, string kind, string expected) =>
        Assert.Equal(expected, PrometheusNames.FamilyOf(instrument, unit, Enum.Parse<PrometheusKind>(kind)));

    [Theory]
    [InlineData("server.address", "server_address")]
    [InlineData("a:b", "a_b")]
    [InlineData("1st", "_1st")]
    [InlineData("", "_")]
    public void Labels_hold_letters_digits_and_underscores(string tag, string expected) => Assert.Equal(expected, PrometheusNames.LabelOf(tag));
}
