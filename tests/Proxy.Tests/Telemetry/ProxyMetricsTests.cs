using S3Proxy.Fetching;
using S3Proxy.Protocol;
using S3Proxy.Telemetry;
using S3Proxy.Testing;

namespace S3Proxy.Tests.Telemetry;

public sealed class ProxyMetricsTests
{
    [Fact]
    public async Task Reads_are_counted_with_their_bytes_by_operation_and_outcome()
    {
        using MetricsBench bench = new();
        bench.Metrics.Served(S3Operation.GetObject, CacheOutcome.Hit, 100);
        bench.Metrics.Served(S3Operation.GetObject, CacheOutcome.Hit, 23);
        bench.Metrics.Served(S3Operation.HeadObject, CacheOutcome.Coalesced, 0);
        bench.Metrics.ReadFailed(S3Operation.GetObject, FetchFailure.TimedOut);

        string[] lines = await bench.ScrapeAsync();

        Assert.Contains("""s3proxy_requests_total{operation="get",outcome="HIT"} 2""", lines);
        Assert.Contains("""s3proxy_requests_total{operation="head",outcome="COALESCED"} 1""", lines);
        Assert.Contains("""s3proxy_requests_total{operation="get",outcome="ERROR"} 1""", lines);
        Assert.Contains("""s3proxy_served_bytes_total{outcome="HIT"} 123""", lines);
        Assert.Contains("""s3proxy_read_failures_total{reason="timed_out"} 1""", lines);
    }

    [Fact]
    public async Task First_bytes_fall_into_buckets_from_a_tenth_of_a_millisecond_to_half_a_minute()
    {
        using MetricsBench bench = new();
        bench.Metrics.FirstByte(S3Operation.GetObject, CacheOutcome.Miss, AnswerTier.Origin, TimeSpan.FromMilliseconds(0.5));
        bench.Metrics.FirstByte(S3Operation.GetObject, CacheOutcome.Miss, AnswerTier.Origin, TimeSpan.FromMilliseconds(3));
        bench.Metrics.FirstByte(S3Operation.GetObject, CacheOutcome.Miss, AnswerTier.Origin, TimeSpan.FromSeconds(40));

        string[] lines = [.. (await bench.ScrapeAsync()).Where(line => line.StartsWith("s3proxy_first_byte_seconds", StringComparison.Ordinal))];

        string[] bounds = ["0.0001", "0.00025", "0.0005", "0.001", "0.0025", "0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1", "2.5", "5", "10", "30", "+Inf"];
        int[] counts = [0, 0, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3];
        string[] buckets = [.. bounds.Zip(counts, (bound, count) => $"s3proxy_first_byte_seconds_bucket{{operation=\"get\",outcome=\"MISS\",tier=\"origin\",le=\"{bound}\"}} {count}")];
        Assert.Equal(
            [.. buckets, """s3proxy_first_byte_seconds_sum{operation="get",outcome="MISS",tier="origin"} 40.0035""", """s3proxy_first_byte_seconds_count{operation="get",outcome="MISS",tier="origin"} 3"""],
            lines);
    }

    [Fact]
    public async Task Origin_traffic_is_counted_by_origin_method_status_and_reason()
    {
        using MetricsBench bench = new();
        bench.Metrics.OriginAnswered("main", HttpMethod.Get, 206);
        bench.Metrics.OriginAnswered("main", HttpMethod.Get, 206);
        bench.Metrics.OriginBytes("main", 4096);
        bench.Metrics.OriginFailed("main", FetchFailure.Unreachable);
        bench.Metrics.AuthenticationFailed(S3ErrorCode.SignatureDoesNotMatch);

        string[] lines = await bench.ScrapeAsync();

        Assert.Contains("""s3proxy_origin_requests_total{method="GET",origin="main",status="206"} 2""", lines);
        Assert.Contains("""s3proxy_origin_bytes_total{origin="main"} 4096""", lines);
        Assert.Contains("""s3proxy_origin_failures_total{origin="main",reason="unreachable"} 1""", lines);
        Assert.Contains("""s3proxy_auth_failures_total{code="SignatureDoesNotMatch"} 1""", lines);
    }

    [Fact]
    public async Task Gauges_tell_what_memory_and_flights_hold_when_they_are_read()
    {
        using MetricsBench bench = new();
        bench.Memory.PutMetadata(TestObjects.Metadata("a", 10));
        using (bench.Flights.Objects.Acquire(new ObjectFlightKey(TestObjects.Id("b"), HeadersOnly: false)))
        {
            string[] during = await bench.ScrapeAsync();
            Assert.Contains("s3proxy_flights 1", during);
            Assert.Contains("s3proxy_objects 1", during);
            Assert.Contains("s3proxy_slices 0", during);
            Assert.Contains("s3proxy_evictions_total 0", during);
            Assert.Contains($"s3proxy_memory_bytes{{kind=\"used\"}} {bench.Memory.UsedBytes}", during);
            Assert.Contains("""s3proxy_memory_bytes{kind="reserved"} 0""", during);
            Assert.Contains($"s3proxy_memory_bytes{{kind=\"budget\"}} {MetricsBench.BudgetBytes}", during);
        }

        bench.Memory.Clear();
        string[] after = await bench.ScrapeAsync();

        Assert.Contains("s3proxy_flights 0", after);
        Assert.Contains("s3proxy_objects 0", after);
        Assert.Contains("s3proxy_evictions_total 1", after);
    }

    [Fact]
    public async Task Refreshes_and_uncacheable_objects_are_told()
    {
        using MetricsBench bench = new();
        Assert.True(bench.Flights.Refreshes.TryEnter(1));
        Assert.False(bench.Flights.Refreshes.TryEnter(1));
        bench.Flights.Uncacheable.Set(TestObjects.Id("a"), NotShareableReason.Vary, TimeSpan.FromSeconds(10));
        string[] lines = await bench.ScrapeAsync();

        Assert.Contains("""s3proxy_refreshes_total{result="dropped"} 1""", lines);
        Assert.Contains("""s3proxy_refreshes_total{result="renewed"} 0""", lines);
        Assert.Contains("s3proxy_refreshes_active 1", lines);
        Assert.Contains("s3proxy_uncacheable 1", lines);
        Assert.Contains("s3proxy_uncacheable_dropped_total 0", lines);
    }

    [Fact]
    public void Counting_allocates_nothing()
    {
        using MetricsBench bench = new();
        string origin = new(['m', 'a', 'i', 'n']);

        // Each new combination of labels costs a series, once.
        Assert.Equal(0, AllocationBudgets.BytesPerCall(100, () => CountAll(bench.Metrics, origin)));
    }

    private static void CountAll(ProxyMetrics metrics, string origin)
    {
        metrics.Served(S3Operation.GetObject, CacheOutcome.Hit, 1024);
        metrics.Served(S3Operation.HeadObject, CacheOutcome.Bypass, 0);
        metrics.FirstByte(S3Operation.GetObject, CacheOutcome.Hit, AnswerTier.Memory, TimeSpan.FromMilliseconds(1));
        metrics.ReadFailed(S3Operation.GetObject, FetchFailure.Broken);
        metrics.OriginAnswered(origin, HttpMethod.Get, 404);
        metrics.OriginFailed(origin, FetchFailure.TimedOut);
        metrics.OriginBytes(origin, 512);
        metrics.AuthenticationFailed(S3ErrorCode.AccessDenied);
    }
}
