using S3Proxy.Caching.Redis;
using S3Proxy.Telemetry;

namespace S3Proxy.Tests.Telemetry;

public sealed class RedisMetricsTests
{
    [Fact]
    public async Task Commands_fills_and_refused_records_are_counted()
    {
        using MetricsBench bench = new();
        RedisMetrics metrics = new(bench.MeterFactory);
        metrics.Watch(() => false);
        metrics.WatchQueue(() => 5);
        metrics.Ended("look", RedisCallResult.Ok, TimeSpan.FromMilliseconds(2));
        metrics.Ended("look", RedisCallResult.TimedOut, TimeSpan.FromSeconds(1));
        metrics.Filled();
        metrics.FillDropped(FillDropReason.Full);
        metrics.RecordRefused("slice", RecordProblem.Corrupt);

        string[] lines = await bench.ScrapeAsync();

        Assert.Contains("""s3proxy_redis_commands_total{command="look",result="ok"} 1""", lines);
        Assert.Contains("""s3proxy_redis_commands_total{command="look",result="timed_out"} 1""", lines);
        Assert.Contains("""s3proxy_redis_seconds_count{command="look"} 1""", lines);
        Assert.Contains("s3proxy_redis_available 0", lines);
        Assert.Contains("s3proxy_redis_fills_total 1", lines);
        Assert.Contains("s3proxy_redis_fills_queued_bytes 5", lines);
        Assert.Contains("""s3proxy_redis_fills_dropped_total{reason="full"} 1""", lines);
        Assert.Contains("""s3proxy_redis_records_refused_total{kind="slice",problem="corrupt"} 1""", lines);
    }

    [Fact]
    public void Every_value_has_a_spelling()
    {
        Assert.All(Enum.GetValues<RedisCallResult>(), result => Assert.NotEmpty(RedisMetrics.NameOf(result)));
        Assert.All(Enum.GetValues<FillDropReason>(), reason => Assert.NotEmpty(RedisMetrics.NameOf(reason)));
        Assert.All(Enum.GetValues<RecordProblem>().Except([RecordProblem.None]), problem => Assert.NotEmpty(RedisMetrics.NameOf(problem)));
    }
}
