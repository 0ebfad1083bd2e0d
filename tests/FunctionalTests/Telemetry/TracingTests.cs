using System.Net;
using S3Proxy.Configuration;
using S3Proxy.FunctionalTests.Running;
using S3Proxy.Testing.Origin;

namespace S3Proxy.FunctionalTests.Telemetry;

/// <summary>Requirement O3: OTLP metrics and traces, with W3C context from the client to the origin.</summary>
public sealed class TracingTests
{
    private const string ClientTrace = "0af7651916cd43dd8448eb211c80319c";
    private const string ClientSpan = "b7ad6b7169203331";
    private const string OtherTrace = "1bf7651916cd43dd8448eb211c80319d";

    [Theory]
    [InlineData(OtlpProtocol.Http)]
    [InlineData(OtlpProtocol.Grpc)]
    internal async Task O3_spans_stand_below_the_clients_and_the_origin_is_told_the_one_that_asks(OtlpProtocol protocol)
    {
        await using OtlpCollector collector = await OtlpCollector.StartAsync(protocol);
        await using TestProxy proxy = await TestProxy.StartAsync(With(collector) with { Telemetry = new() { Otlp = OtlpOf(collector) with { Protocol = protocol } } });
        proxy.Origin.PutObject(TestProxy.Bucket, "dir/a", new byte[1000]);
        await ReadAsync(proxy, "dir/a", ClientTrace);
        await ReadAsync(proxy, "dir/a", OtherTrace);
        await proxy.AssertAllBackAsync();
        await WhenToldAsync(proxy, collector, requests: 2, "flight", "run", "origin request");

        CollectedSpan[] spans = [.. collector.Spans.Where(span => span.TraceId == ClientTrace)];
        CollectedSpan server = Assert.Single(spans, span => span.Kind == CollectedSpan.Server);
        Assert.Equal((ClientSpan, "GetObject"), (server.ParentId, server.Name));
        Assert.Equal(("MISS", "not_in_memory", "origin", "leader"), (server.Tags["s3proxy.outcome"], server.Tags["s3proxy.reason"], server.Tags["s3proxy.tier"], server.Tags["s3proxy.role"]));
        Assert.Equal(TestProxy.Bucket, server.Tags["aws.s3.bucket"]);
        Assert.False(server.Tags.ContainsKey("aws.s3.key"));
        CollectedSpan flight = Assert.Single(spans, span => span.Name == "flight");
        Assert.Equal(server.SpanId, flight.ParentId);
        CollectedSpan asked = Assert.Single(spans, span => span.Kind == CollectedSpan.Client);
        Assert.Equal(flight.SpanId, asked.ParentId);
        Assert.Equal(("main", "200"), (asked.Tags["s3proxy.origin"], asked.Tags["http.response.status_code"]));
        Assert.Equal(flight.SpanId, Assert.Single(spans, span => span.Name == "run").ParentId);

        CollectedSpan hit = Assert.Single(collector.Spans, span => span.TraceId == OtherTrace);
        Assert.Equal("HIT", hit.Tags["s3proxy.outcome"]);
        OriginRequest atOrigin = Assert.Single(proxy.Origin.Traffic.Requests);
        Assert.Equal($"00-{ClientTrace}-{asked.SpanId}-01", atOrigin.Headers.GetValueOrDefault("traceparent"));
    }

    [Fact]
    public async Task O3_followers_are_linked_to_the_fetch_of_their_leader()
    {
        await using OtlpCollector collector = await OtlpCollector.StartAsync();
        await using TestProxy proxy = await TestProxy.StartAsync(With(collector));
        proxy.Origin.PutObject(TestProxy.Bucket, "a", new byte[1000]);
        OriginGate gate = new();
        using FaultRule held = proxy.Origin.Faults.Add(RequestMatch.Any, new FaultEffects { HoldOnArrival = gate });
        Task leader = ReadAsync(proxy, "a", ClientTrace);
        await gate.ArrivedAsync(1);
        Task follower = ReadAsync(proxy, "a", OtherTrace);
        await proxy.WaitForParticipantsAsync("a", 2);
        gate.Release();
        await Task.WhenAll(leader, follower);
        await proxy.AssertAllBackAsync();
        await WhenToldAsync(proxy, collector, requests: 2, "flight");

        CollectedSpan flight = Assert.Single(collector.Spans, span => span is { TraceId: ClientTrace, Name: "flight" });
        CollectedSpan followed = Assert.Single(collector.Spans, span => span.TraceId == OtherTrace);
        Assert.Equal(("COALESCED", "follower"), (followed.Tags["s3proxy.outcome"], followed.Tags["s3proxy.role"]));
        Assert.Contains((flight.TraceId, flight.SpanId), followed.Links);
    }

    [Fact]
    public async Task O3_forwarded_requests_are_traced_to_the_origin_and_still_signed_rightly()
    {
        await using OtlpCollector collector = await OtlpCollector.StartAsync();
        await using TestProxy proxy = await TestProxy.StartAsync(With(collector) with { Auth = AuthMode.SigV4 });
        using HttpResponseMessage put = await proxy.Signed.PutAsync("up", "body"u8.ToArray(), new KeyValuePair<string, string>("traceparent", $"00-{ClientTrace}-{ClientSpan}-01"));

        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        await WhenToldAsync(proxy, collector, requests: 1, "origin request");
        CollectedSpan server = Assert.Single(collector.Spans, span => span.Kind == CollectedSpan.Server);
        Assert.Equal((ClientSpan, "PutObject", "BYPASS"), (server.ParentId, server.Name, server.Tags["s3proxy.outcome"]));
        CollectedSpan asked = Assert.Single(collector.Spans, span => span.Kind == CollectedSpan.Client);
        Assert.Equal(server.SpanId, asked.ParentId);
        Assert.Equal($"00-{ClientTrace}-{asked.SpanId}-01", Assert.Single(proxy.Origin.Traffic.Requests).Headers.GetValueOrDefault("traceparent"));
    }

    [Fact]
    public async Task O3_a_forwarded_request_whose_client_left_was_cancelled_and_not_unreachable()
    {
        await using OtlpCollector collector = await OtlpCollector.StartAsync();
        await using TestProxy proxy = await TestProxy.StartAsync(With(collector) with { Rule = new CacheRule { Mode = CacheMode.Bypass } });
        OriginGate gate = new();
        using FaultRule held = proxy.Origin.Faults.Add(RequestMatch.Any, new FaultEffects { HoldOnArrival = gate });
        using CancellationTokenSource leaves = new();
        Task<HttpResponseMessage> left = proxy.Client.GetAsync($"/{TestProxy.Bucket}/a", leaves.Token);
        await gate.ArrivedAsync(1);
        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        await WhenToldAsync(proxy, collector, requests: 1, "origin request");
        gate.Release();

        Assert.Equal("cancelled", Assert.Single(collector.Spans, span => span.Kind == CollectedSpan.Client).Tags["error.type"]);
    }

    [Fact]
    public async Task O3_metrics_arrive_with_their_histograms()
    {
        await using OtlpCollector collector = await OtlpCollector.StartAsync();
        await using TestProxy proxy = await TestProxy.StartAsync(With(collector));
        proxy.Origin.PutObject(TestProxy.Bucket, "a", new byte[1000]);
        for (int i = 0; i < 5; i++)
        {
            await ReadAsync(proxy, "a", ClientTrace);
        }

        // A client may have its last byte before the proxy has counted the first.
        await FileProxy.UntilAsync(() =>
        {
            proxy.FlushTelemetry();
            return Task.FromResult(FirstBytes(collector) >= 5);
        });

        Assert.All(collector.Tokens, token => Assert.Equal("t 1", token));
        Assert.True(collector.Metrics.ContainsKey("s3proxy.saved.requests"), string.Join(' ', collector.Metrics.Keys));
        Assert.Equal(5ul, FirstBytes(collector));
        Assert.Contains("kestrel.active_connections", collector.Metrics.Keys);
    }

    [Fact]
    public async Task O3_what_a_client_has_not_signed_is_told_the_origin_that_judges_it()
    {
        await using OtlpCollector collector = await OtlpCollector.StartAsync();
        await using TestProxy proxy = await TestProxy.StartAsync(With(collector) with { Auth = AuthMode.Passthrough });
        proxy.Origin.PutObject(TestProxy.Bucket, "a", new byte[1000]);
        using SignedClient client = new(proxy.Data, TestProxy.OriginKeyId, TestProxy.OriginSecret);
        using HttpResponseMessage read = await client.GetAsync("a", new KeyValuePair<string, string>("traceparent", $"00-{ClientTrace}-{ClientSpan}-01"));

        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        await read.Content.ReadAsByteArrayAsync();
        await proxy.AssertAllBackAsync();
        await WhenToldAsync(proxy, collector, requests: 1, "origin request");
        CollectedSpan asked = Assert.Single(collector.Spans, span => span.Kind == CollectedSpan.Client);
        Assert.Equal($"00-{ClientTrace}-{asked.SpanId}-01", Assert.Single(proxy.Origin.Traffic.Requests).Headers.GetValueOrDefault("traceparent"));
    }

    [Fact]
    public async Task O10_a_collector_that_is_away_is_no_matter_of_requests()
    {
        OtlpConfiguration away = new() { Endpoint = new Uri("http://127.0.0.1:1"), Protocol = OtlpProtocol.Http, Interval = TimeSpan.FromSeconds(1) };
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions { Telemetry = new() { Otlp = away } });
        proxy.Origin.PutObject(TestProxy.Bucket, "a", new byte[1000]);
        for (int i = 0; i < 100; i++)
        {
            await ReadAsync(proxy, "a", ClientTrace);
        }

        Assert.Equal(1, proxy.Origin.Traffic.GetCount);
    }

    [Fact]
    public async Task O10_without_traces_nothing_is_told_and_the_clients_context_passes()
    {
        await using OtlpCollector collector = await OtlpCollector.StartAsync();
        await using TestProxy proxy = await TestProxy.StartAsync(With(collector) with { Telemetry = new() { Otlp = OtlpOf(collector) with { Traces = false } } });
        proxy.Origin.PutObject(TestProxy.Bucket, "a", new byte[1000]);
        await ReadAsync(proxy, "a", ClientTrace);
        proxy.FlushTelemetry();

        Assert.Empty(collector.Spans);
        Assert.Null(Assert.Single(proxy.Origin.Traffic.Requests).Headers.GetValueOrDefault("traceparent"));
    }

    /// <summary>Waits, within a bound, until so many requests and a span of each of <paramref name="names"/> have been told of: a client may have its answer before any of them ends.</summary>
    private static Task WhenToldAsync(TestProxy proxy, OtlpCollector collector, int requests, params string[] names) => FileProxy.UntilAsync(() =>
    {
        proxy.FlushTelemetry();
        return Task.FromResult(collector.Spans.Count(span => span.Kind == CollectedSpan.Server) >= requests
            && names.All(name => collector.Spans.Any(span => span.Name == name)));
    });

    private static TestProxyOptions With(OtlpCollector collector) => new() { Telemetry = new TelemetryConfiguration { Otlp = OtlpOf(collector) } };

    private static ulong FirstBytes(OtlpCollector collector) => collector.Metrics.TryGetValue("s3proxy.first_byte", out ProtoMessage? metric)
        ? metric.Messages(9).Single().Messages(1).Aggregate(0ul, (sum, point) => sum + point.Number(4))
        : 0;

    private static OtlpConfiguration OtlpOf(OtlpCollector collector) => new() { Endpoint = collector.Endpoint, Protocol = OtlpProtocol.Http, Headers = "x-token=t%201", Interval = TimeSpan.FromMinutes(10) };

    private static async Task ReadAsync(TestProxy proxy, string key, string trace)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, $"/{TestProxy.Bucket}/{key}");
        request.Headers.TryAddWithoutValidation("traceparent", $"00-{trace}-{ClientSpan}-01");
        using HttpResponseMessage response = await proxy.Client.SendAsync(request);
        Assert.Equal(1000, (await response.Content.ReadAsByteArrayAsync()).Length);
    }
}
