using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using S3Proxy.Fetching;
using S3Proxy.Protocol;
using S3Proxy.Telemetry;
using S3Proxy.Telemetry.Requests;
using S3Proxy.Testing.Programs;
using Xunit.Abstractions;

namespace S3Proxy.Tests.Telemetry.Prometheus;

public sealed class MetricsScraperTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Promtool_finds_nothing_to_say()
    {
        if (Promtool.Find() is not { } promtool)
        {
            output.WriteLine("Not checked: promtool (Debian: prometheus) is not on PATH.");
            return;
        }

        using MetricsBench bench = new();
        CountEverything(bench.Metrics);
        CountLikeKestrelAndHttpClient(bench.MeterFactory);

        (int exitCode, string complaints) = await promtool.CheckMetricsAsync((await bench.Scraper.ScrapeAsync(CancellationToken.None))!);

        Assert.Equal("", complaints);
        Assert.Equal(0, exitCode);
    }

    [Fact]
    public async Task Promtool_would_find_a_bad_name()
    {
        if (Promtool.Find() is not { } promtool)
        {
            output.WriteLine("Not checked: promtool (Debian: prometheus) is not on PATH.");
            return;
        }

        (int exitCode, string complaints) = await promtool.CheckMetricsAsync("# HELP a_count Bad.\n# TYPE a_count gauge\na_count 1\n"u8.ToArray());

        Assert.NotEqual(0, exitCode);
        Assert.Contains("a_count", complaints, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Families_are_told_once_in_order_and_no_gauge_ends_like_a_part_of_a_histogram()
    {
        using MetricsBench bench = new();
        CountEverything(bench.Metrics);

        string[] types = [.. (await bench.ScrapeAsync()).Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal))];

        string[] names = [.. types.Select(line => line.Split(' ')[2])];
        Assert.Equal(names.Order(StringComparer.Ordinal).Distinct(), names);
        Assert.DoesNotContain(types, line => Regex.IsMatch(line, "_(count|sum|bucket|total) gauge$"));
        Assert.Contains("dotnet_gc_collections_total", names);
        Assert.Contains("dotnet_timers", names);
    }

    [Fact]
    public async Task Hosts_in_one_process_do_not_hear_one_another()
    {
        using MetricsBench one = new();
        using MetricsBench other = new();
        one.Metrics.Served(S3Operation.GetObject, CacheOutcome.Hit, 5);

        Assert.Contains("""s3proxy_served_bytes_total{outcome="HIT"} 5""", await one.ScrapeAsync());
        Assert.DoesNotContain(await other.ScrapeAsync(), line => line.StartsWith("s3proxy_served", StringComparison.Ordinal));
        Assert.Contains("s3proxy_flights 0", await other.ScrapeAsync());
    }

    [Fact]
    public async Task Scrapes_take_turns()
    {
        using MetricsBench bench = new();
        using SemaphoreSlim gate = new(0);
        TaskCompletionSource entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int inside = 0;
        int most = 0;
        bench.MeterFactory.Create(ProxyMetrics.MeterName).CreateObservableGauge("test.gate", () =>
        {
            most = Math.Max(most, Interlocked.Increment(ref inside));
            entered.TrySetResult();
            gate.Wait();
            return Interlocked.Decrement(ref inside);
        });

        Task<string[]> first = Task.Run(bench.ScrapeAsync);
        await entered.Task;
        Task<byte[]?>[] others = [.. Enumerable.Range(0, 4).Select(_ => bench.Scraper.ScrapeAsync(CancellationToken.None))];
        Assert.All(others, scrape => Assert.False(scrape.IsCompleted));

        gate.Release(5);
        await first;
        Assert.All(await Task.WhenAll(others), Assert.NotNull);
        Assert.Equal(1, most);
    }

    [Fact]
    public async Task A_scrape_whose_client_leaves_gives_up_its_turn()
    {
        using MetricsBench bench = new();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => bench.Scraper.ScrapeAsync(new CancellationToken(canceled: true)));

        Assert.NotEmpty(await bench.ScrapeAsync());
    }

    [Fact]
    public async Task A_scrape_after_the_end_of_the_host_tells_nothing()
    {
        using MetricsBench bench = new();
        bench.Scraper.Dispose();

        Assert.Null(await bench.Scraper.ScrapeAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Label_values_survive_the_way_to_the_scrape()
    {
        using MetricsBench bench = new();
        bench.Metrics.OriginBytes("an \"odd\" \\ origin\nname é", 1);

        Assert.Contains("""s3proxy_origin_bytes_total{origin="an \"odd\" \\ origin\nname é"} 1""", await bench.ScrapeAsync());
    }

    private static void CountEverything(ProxyMetrics metrics)
    {
        foreach (CacheOutcome outcome in Enum.GetValues<CacheOutcome>())
        {
            metrics.Served(S3Operation.GetObject, outcome, 10);
            metrics.Served(S3Operation.HeadObject, outcome, 0);
            metrics.FirstByte(S3Operation.GetObject, outcome, AnswerTier.Memory, TimeSpan.FromMilliseconds(2));
            metrics.RequestEnded(new RequestSummary(OperationGroup.List, "ListObjects", outcome, AnswerTier.None, RequestReason.Operation, FlightRole.None), TimeSpan.FromMilliseconds(3));
        }

        foreach (FetchFailure failure in Enum.GetValues<FetchFailure>())
        {
            metrics.ReadFailed(S3Operation.GetObject, failure);
            metrics.OriginFailed("an \"odd\" \\ origin\nname", failure);
        }

        metrics.OriginAnswered("main", HttpMethod.Get, 200);
        metrics.OriginBytes("main", 10);
        metrics.AuthenticationFailed(S3ErrorCode.AccessDenied);
    }

    /// <summary>Instruments that the server and the client make only once they have connections, by name and unit as .NET documents them.</summary>
    private static void CountLikeKestrelAndHttpClient(IMeterFactory factory)
    {
        Meter kestrel = factory.Create("Microsoft.AspNetCore.Server.Kestrel");
        kestrel.CreateUpDownCounter<long>("kestrel.active_connections", "{connection}", "Connections.").Add(1);
        kestrel.CreateHistogram<double>("kestrel.connection.duration", "s", "Durations.").Record(1, new KeyValuePair<string, object?>("server.port", 9000));
        kestrel.CreateCounter<long>("kestrel.rejected_connections", "{connection}", "Rejected.").Add(1);
        Meter http = factory.Create("System.Net.Http");
        http.CreateUpDownCounter<long>("http.client.open_connections", "{connection}", "Open.").Add(1);
        http.CreateHistogram<double>("http.client.request.duration", "s", "Durations.").Record(1, new KeyValuePair<string, object?>("server.address", "a"));
    }
}
