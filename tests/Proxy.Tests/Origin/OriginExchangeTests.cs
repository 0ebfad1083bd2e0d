using S3Proxy.Origin;
using S3Proxy.Testing;
using S3Proxy.Tests.Telemetry;

namespace S3Proxy.Tests.Origin;

/// <summary>Requirement O3: each answer that an origin began is one that ended.</summary>
public sealed class OriginExchangeTests : IDisposable
{
    private const string Began = "s3proxy_origin_first_byte_seconds_count{origin=\"main\",result=\"2xx\"} ";
    private const string Ended = "s3proxy_origin_duration_seconds_count{origin=\"main\",result=\"2xx\"} ";

    private readonly MetricsBench _metrics = new();

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public async Task An_answer_that_fails_after_its_headers_has_ended()
    {
        using OriginExchange exchange = New();
        exchange.Answered(200);
        exchange.Failed(OriginExchange.Cancelled);

        string[] lines = await _metrics.ScrapeAsync();
        Assert.Contains(Began + "1", lines);
        Assert.Contains(Ended + "1", lines);
        exchange.Dispose();
        Assert.Contains(Ended + "1", await _metrics.ScrapeAsync());
    }

    [Fact]
    public async Task What_was_never_answered_has_no_answer_that_ended()
    {
        using OriginExchange exchange = New();
        exchange.Failed(OriginExchange.Cancelled);
        exchange.Dispose();

        Assert.DoesNotContain(await _metrics.ScrapeAsync(), line => line.StartsWith("s3proxy_origin_duration_seconds_count", StringComparison.Ordinal));
    }

    private OriginExchange New() => new("main", _metrics.Metrics, new ManualTimeProvider(), parent: null);
}
