using System.Text;
using Microsoft.AspNetCore.Http;
using S3Proxy.Admin;
using S3Proxy.Configuration;
using S3Proxy.Reloading;
using S3Proxy.Tests.Configuration;
using S3Proxy.Tests.Events;
using S3Proxy.Tests.Telemetry;

namespace S3Proxy.Tests.Admin;

public sealed class AdminRequestHandlerTests : IDisposable
{
    private readonly MetricsBench _bench = new();
    private readonly FakeLifetime _lifetime = new();

    public void Dispose()
    {
        _bench.Dispose();
        _lifetime.Dispose();
    }

    [Fact]
    public async Task Health_is_told_before_the_host_has_started()
    {
        (HttpResponse response, string body) = await AskAsync("GET", "/healthz");

        Assert.Equal(200, response.StatusCode);
        Assert.Equal("ok", body);
        Assert.Equal("text/plain; charset=utf-8", response.ContentType);
    }

    [Fact]
    public async Task Readiness_follows_the_host()
    {
        Assert.Equal((503, "starting"), await StatusAndBodyAsync("/readyz"));

        _lifetime.Start();
        Assert.Equal((200, "ready"), await StatusAndBodyAsync("/readyz"));

        _lifetime.StopApplication();
        Assert.Equal((503, "stopping"), await StatusAndBodyAsync("/readyz"));
        Assert.Equal((200, "ok"), await StatusAndBodyAsync("/healthz"));
    }

    [Fact]
    public async Task Metrics_are_told_in_the_text_format()
    {
        (HttpResponse response, string body) = await AskAsync("GET", "/metrics");

        Assert.Equal(200, response.StatusCode);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.ContentType);
        Assert.Contains("\ns3proxy_flights 0\n", body, StringComparison.Ordinal);
        Assert.Equal(Encoding.UTF8.GetByteCount(body), response.ContentLength);
    }

    [Theory]
    [InlineData("/healthz", 200)]
    [InlineData("/readyz", 503)]
    [InlineData("/metrics", 200)]
    [InlineData("/admin/stats", 200)]
    [InlineData("/nowhere", 404)]
    public async Task Head_answers_as_get_does_without_a_body(string path, int status)
    {
        (HttpResponse response, string body) = await AskAsync("HEAD", path);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal("", body);
        Assert.True(response.ContentLength > 0);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("")]
    [InlineData("/Healthz")]
    [InlineData("/healthz/")]
    [InlineData("/metrics/more")]
    public async Task Other_paths_are_not_found(string path) => Assert.Equal(404, (await AskAsync("GET", path)).Response.StatusCode);

    [Theory]
    [InlineData("POST", "/healthz")]
    [InlineData("PUT", "/readyz")]
    [InlineData("DELETE", "/metrics")]
    [InlineData("BREW", "/metrics")]
    public async Task Other_methods_are_not_allowed(string method, string path)
    {
        (HttpResponse response, _) = await AskAsync(method, path);

        Assert.Equal(405, response.StatusCode);
        Assert.Equal("GET, HEAD", response.Headers.Allow);
    }

    [Theory]
    [InlineData("GET", "/healthz", null)]
    [InlineData("GET", "/metrics", null)]
    [InlineData("GET", "/nowhere", null)]
    [InlineData("POST", "/metrics", null)]
    [InlineData("GET", "/metrics", "s3cret")]
    public async Task Nothing_is_stored(string method, string path, string? token) =>
        Assert.Equal("no-store", (await AskAsync(method, path, token)).Response.Headers.CacheControl);

    [Theory]
    [InlineData("/metrics")]
    [InlineData("/admin/stats")]
    [InlineData("/admin/purge")]
    [InlineData("/admin/reload")]
    [InlineData("/nowhere")]
    [InlineData("/")]
    public async Task With_a_token_all_but_probes_ask_for_it_before_telling_anything(string path)
    {
        foreach (string? authorization in new[] { null, "Bearer wrong", "Basic s3cret" })
        {
            (HttpResponse response, string body) = await AskAsync("GET", path, "s3cret", authorization);

            Assert.Equal(401, response.StatusCode);
            Assert.StartsWith("Bearer ", response.Headers.WWWAuthenticate.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain("s3proxy_flights", body, StringComparison.Ordinal);
            Assert.DoesNotContain("s3cret", body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task With_a_token_its_bearer_reads_the_metrics_and_probes_go_on_without()
    {
        _lifetime.Start();

        Assert.Equal(200, (await AskAsync("GET", "/metrics", "s3cret", "Bearer s3cret")).Response.StatusCode);
        Assert.Equal(200, (await AskAsync("GET", "/healthz", "s3cret")).Response.StatusCode);
        Assert.Equal(200, (await AskAsync("GET", "/readyz", "s3cret")).Response.StatusCode);
    }

    private async Task<(int Status, string Body)> StatusAndBodyAsync(string path)
    {
        (HttpResponse response, string body) = await AskAsync("GET", path);
        return (response.StatusCode, body);
    }

    private async Task<(HttpResponse Response, string Body)> AskAsync(string method, string path, string? token = null, string? authorization = null)
    {
        ProxyConfiguration configuration = Configurations.Valid(Configurations.Least);
        CurrentSnapshot current = new(configuration with { Listen = configuration.Listen with { AdminToken = token } });
        AdminRequestHandler handler = new(
            current,
            new ReadinessState(_lifetime),
            _bench.Scraper,
            new UsageDocument(_bench.Usage),
            PurgeBench.Handler(_bench.Memory, _bench.Flights),
            new ReloadRequestHandler(reloader: null),
            ExplainBench.Handler(_bench.Memory, _bench.Flights),
            new EventBench(_bench.Memory, _bench.Flights, _bench.MeterFactory).Handler);
        using MemoryStream body = new();
        DefaultHttpContext http = new();
        http.Request.Method = method;
        http.Request.Path = path;
        http.Request.Headers.Authorization = authorization;
        http.Response.Body = body;
        await handler.HandleAsync(http);
        return (http.Response, Encoding.UTF8.GetString(body.ToArray()));
    }
}
