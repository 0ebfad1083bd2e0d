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

    private async Task<(HttpResponse Response, string Body)> AskAsync(string method, string path, string? token = null, string? authorization = null, string host = "localhost", string? eventsToken = null, string? origin = null)
    {
        ProxyConfiguration configuration = Configurations.Valid(Configurations.Least);
        CurrentSnapshot current = new(configuration with
        {
            Listen = configuration.Listen with { AdminToken = token },
            Events = configuration.Events with { Token = eventsToken, Path = "/hooks/origin" },
        });
        AdminRequestHandler handler = new(current,
        [
            new("/healthz", AdminAudience.Probes, AdminRoute.Read, new HealthHandler()),
            new("/readyz", AdminAudience.Probes, AdminRoute.Read, new ReadinessHandler(new ReadinessState(_lifetime))),
            new("/page", AdminAudience.Visitors, AdminRoute.Read, new HealthHandler()),
            new("/metrics", AdminAudience.Operators, AdminRoute.Read, new MetricsHandler(_bench.Scraper)),
            new("/admin/stats", AdminAudience.Operators, AdminRoute.Read, new UsageHandler(new UsageDocument(_bench.Usage))),
            new("/admin/named/", AdminAudience.Operators, "GET, DELETE", new EchoHandler()),
            new("/admin/purge", AdminAudience.Operators, "POST", PurgeBench.Handler(_bench.Memory, _bench.Flights)),
            new("/admin/reload", AdminAudience.Operators, "POST", new ReloadRequestHandler(reloader: null)),
            new("/admin/explain", AdminAudience.Operators, AdminRoute.Read, ExplainBench.Handler(_bench.Memory, _bench.Flights)),
            new("/admin/events", AdminAudience.Senders, "POST", new EventBench(_bench.Memory, _bench.Flights, _bench.MeterFactory).Handler(current)),
        ]);
        using MemoryStream body = new();
        DefaultHttpContext http = new();
        http.Request.Method = method;
        http.Request.Path = path;
        http.Request.Headers.Authorization = authorization;
        http.Request.Host = new HostString(host);
        http.Request.Headers.Origin = origin;
        http.Request.ContentType = "application/json";
        http.Request.Body = new MemoryStream("{}"u8.ToArray());
        http.Response.Body = body;
        await handler.HandleAsync(http);
        return (http.Response, Encoding.UTF8.GetString(body.ToArray()));
    }

    [Fact]
    public async Task A_page_needs_no_token_for_what_tells_nothing() => Assert.Equal(200, (await AskAsync("GET", "/page", "s3cret")).Response.StatusCode);

    [Theory]
    [InlineData("GET", "/admin/named/7", 200, "7")]
    [InlineData("DELETE", "/admin/named/a/b", 200, "a/b")]
    [InlineData("POST", "/admin/named/7", 405, null)]
    [InlineData("GET", "/admin/named/", 404, null)]
    [InlineData("GET", "/admin/named", 404, null)]
    public async Task A_route_may_take_a_name(string method, string path, int status, string? rest)
    {
        (HttpResponse response, string body) = await AskAsync(method, path);

        Assert.Equal(status, response.StatusCode);
        if (rest is not null)
        {
            Assert.Equal(rest, body);
        }
    }

    [Fact]
    public async Task Without_a_token_other_names_of_the_port_are_refused_but_to_probes()
    {
        Assert.Equal(403, (await AskAsync("GET", "/metrics", host: "evil.example")).Response.StatusCode);
        Assert.Equal(403, (await AskAsync("GET", "/nowhere", host: "evil.example")).Response.StatusCode);
        Assert.Equal(403, (await AskAsync("GET", "/page", host: "evil.example")).Response.StatusCode);
        Assert.Equal(200, (await AskAsync("GET", "/healthz", host: "10.1.2.3")).Response.StatusCode);
        Assert.Equal(200, (await AskAsync("GET", "/metrics", "s3cret", "Bearer s3cret", "admin.example")).Response.StatusCode);
    }

    [Theory]
    [InlineData("events", null, 200)]
    [InlineData("events", "admin", 200)]
    [InlineData("admin", "admin", 200)]
    [InlineData("other", "admin", 401)]
    [InlineData(null, "admin", 401)]
    [InlineData(null, null, 401)]
    public async Task Events_have_a_token_of_their_own_and_come_to_any_name_of_the_port(string? bearer, string? token, int status)
    {
        (HttpResponse response, string body) = await AskAsync("POST", "/hooks/origin", token, bearer is null ? null : "Bearer " + bearer, "s3proxy-admin.example", "events");

        Assert.True(status == response.StatusCode, body);
        Assert.Equal(status == 401, response.Headers.WWWAuthenticate.ToString().StartsWith("Basic ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("GET", "/metrics")]
    [InlineData("GET", "/admin/explain")]
    [InlineData("POST", "/admin/purge")]
    [InlineData("POST", "/admin/reload")]
    [InlineData("POST", "/admin/events")]
    [InlineData("GET", "/nowhere")]
    public async Task The_token_of_events_opens_nothing_else(string method, string path) =>
        Assert.Equal(401, (await AskAsync(method, path, "admin", "Bearer events", eventsToken: "events")).Response.StatusCode);

    [Theory]
    [InlineData(null, null, 200)]
    [InlineData("http://evil.example", null, 403)]
    [InlineData("http://s3proxy-admin.example", null, 403)]
    [InlineData("http://evil.example", "events", 200)]
    public async Task Without_any_token_events_come_from_programs_alone(string? origin, string? eventsToken, int status) =>
        Assert.Equal(status, (await AskAsync("POST", "/hooks/origin", null, "Bearer events", "s3proxy-admin.example", eventsToken, origin)).Response.StatusCode);

    [Fact]
    public async Task Events_are_posted_where_the_configuration_says_and_nowhere_else()
    {
        Assert.Equal(404, (await AskAsync("POST", "/admin/events")).Response.StatusCode);
        (HttpResponse response, _) = await AskAsync("GET", "/hooks/origin");
        Assert.Equal((405, "POST"), (response.StatusCode, response.Headers.Allow.ToString()));
    }

    private sealed class EchoHandler : IAdminHandler
    {
        public Task<AdminAnswer> AnswerAsync(HttpRequest request, string rest, CancellationToken cancellationToken) => Task.FromResult(AdminAnswer.Text(200, rest));
    }
}
