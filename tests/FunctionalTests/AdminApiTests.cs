using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using S3Proxy.Configuration;
using S3Proxy.Testing.Origin;

namespace S3Proxy.FunctionalTests;

/// <summary>Requirements O5, A5: what the admin port tells, and to whom.</summary>
public sealed class AdminApiTests
{
    private const string Secret = "never-told-1";

    [Fact]
    public async Task O5_the_overview_has_the_numbers_of_the_metrics()
    {
        await using TestProxy proxy = await TestProxy.StartAsync();
        proxy.Origin.PutObject(TestProxy.Bucket, "a", new byte[5000]);
        for (int i = 0; i < 4; i++)
        {
            await proxy.Client.GetByteArrayAsync($"/{TestProxy.Bucket}/a");
        }

        JsonElement overview = await JsonAsync(proxy, "/admin/overview");
        for (int attempt = 0; attempt < 100 && overview.GetProperty("requests").GetProperty("total").GetDouble() < 4; attempt++)
        {
            // A client may have its last byte before the proxy has counted it.
            overview = await JsonAsync(proxy, "/admin/overview");
        }

        JsonElement requests = overview.GetProperty("requests");
        Assert.Equal(1, requests.GetProperty("byOutcome").GetProperty("MISS").GetDouble());
        Assert.Equal(3, requests.GetProperty("byOutcome").GetProperty("HIT").GetDouble());
        Assert.Equal(0.75, requests.GetProperty("hitRatio").GetDouble());
        Assert.Equal(3, requests.GetProperty("saved").GetDouble());
        Assert.Equal(20_000, overview.GetProperty("bytes").GetProperty("served").GetDouble());
        Assert.Equal(5_000, overview.GetProperty("bytes").GetProperty("fromOrigin").GetDouble());
        Assert.Equal(15_000, overview.GetProperty("bytes").GetProperty("saved").GetDouble());
        Assert.Equal(JsonValueKind.Null, overview.GetProperty("cost").ValueKind);
        Assert.Equal(JsonValueKind.Null, overview.GetProperty("reloads").ValueKind);
        Assert.Equal(0, overview.GetProperty("refused").GetProperty("rateLimit").GetDouble());
        JsonElement latency = overview.GetProperty("latency");
        JsonElement first = latency.GetProperty("firstByteSeconds");
        Assert.InRange(first.GetProperty("p50").GetDouble(), 1e-6, first.GetProperty("p99").GetDouble());
        Assert.True(latency.GetProperty("firstByteSecondsByOutcome").GetProperty("MISS").GetProperty("p50").GetDouble() > 0);
        Assert.Equal(JsonValueKind.Null, latency.GetProperty("firstByteSecondsByOutcome").GetProperty("STALE").ValueKind);
        Assert.Equal("main", Assert.Single(overview.GetProperty("origins").EnumerateArray()).GetProperty("origin").GetString());
        Assert.Equal(1, overview.GetProperty("memory").GetProperty("objects").GetDouble());
        Assert.Equal("ready", overview.GetProperty("state").GetString());
        string metrics = await proxy.Client.GetStringAsync(new Uri(proxy.Admin, "/metrics"));
        Assert.Contains($"s3proxy_memory_bytes{{kind=\"used\"}} {overview.GetProperty("memory").GetProperty("usedBytes").GetDouble()}\n", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task O5_a_flight_is_told_with_its_readers_and_its_bytes()
    {
        await using TestProxy proxy = await TestProxy.StartAsync();
        proxy.Origin.PutObject(TestProxy.Bucket, "a", new byte[3 << 20]);
        OriginGate before = new();
        OriginGate within = new();
        proxy.Origin.Faults.Add(RequestMatch.AnyGet, new FaultEffects { HoldBeforeHeaders = before, HoldInBody = new BodyHold(within, 2 << 20) });
        Task<byte[]>[] reads = [.. Enumerable.Range(0, 4).Select(_ => proxy.Client.GetByteArrayAsync($"/{TestProxy.Bucket}/a"))];
        await before.ArrivedAsync(1);

        JsonElement asking = await FlightAsync(proxy, flight => flight.GetProperty("readers").GetInt32() == 4);
        Assert.Equal("object", asking.GetProperty("kind").GetString());
        Assert.Equal("asking", asking.GetProperty("role").GetString());
        before.Release();
        await within.ArrivedAsync(1);

        JsonElement running = await FlightAsync(proxy, flight => flight.GetProperty("doneBytes").GetInt64() == 2 << 20);
        Assert.Equal("body", running.GetProperty("kind").GetString());
        Assert.Equal("leader", running.GetProperty("role").GetString());
        Assert.Equal(4, running.GetProperty("readers").GetInt32());
        Assert.Equal(3 << 20, running.GetProperty("totalBytes").GetInt64());
        Assert.Equal("main", running.GetProperty("origin").GetString());
        Assert.True(running.GetProperty("ageSeconds").GetDouble() > 0);
        within.Release();
        await Task.WhenAll(reads);
    }

    [Fact]
    public async Task A5_the_configuration_is_told_without_its_secrets()
    {
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions
        {
            AdminToken = Secret,
            Keys = [new ClientKey { AccessKeyId = "VISIBLE1", SecretAccessKey = Secret, Grants = [] }],
        });
        proxy.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Secret);

        string text = await proxy.Client.GetStringAsync(new Uri(proxy.Admin, "/admin/config"));

        Assert.Contains("VISIBLE1", text, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
        Assert.DoesNotContain(TestProxy.OriginSecret, text, StringComparison.Ordinal);
        using JsonDocument document = JsonDocument.Parse(text);
        Assert.Equal("set", document.RootElement.GetProperty("listen").GetProperty("adminToken").GetString());
        Assert.Equal("ttl", document.RootElement.GetProperty("cache").GetProperty("default").GetProperty("mode").GetString());
    }

    [Theory]
    [InlineData("http://evil.example", "application/json", null, HttpStatusCode.Forbidden)]
    [InlineData("null", "application/json", null, HttpStatusCode.Forbidden)]
    [InlineData("OWN", "text/plain", null, HttpStatusCode.Forbidden)]
    [InlineData("OWN", "application/json", null, HttpStatusCode.OK)]
    [InlineData(null, "application/json", null, HttpStatusCode.OK)]
    [InlineData(null, "application/json", "evil.example", HttpStatusCode.Forbidden)]
    public async Task A5_without_a_token_other_sites_change_nothing(string? origin, string type, string? host, HttpStatusCode status)
    {
        await using TestProxy proxy = await TestProxy.StartAsync();
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(proxy.Admin, "/admin/purge")) { Content = new StringContent("""{"all":true}""", Encoding.UTF8, type) };
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin == "OWN" ? proxy.Admin.GetLeftPart(UriPartial.Authority) : origin);
        }

        request.Headers.Host = host;
        using HttpResponseMessage answer = await proxy.Client.SendAsync(request);

        Assert.Equal(status, answer.StatusCode);
    }

    [Theory]
    [InlineData("/", "text/html")]
    [InlineData("/dashboard.css", "text/css")]
    [InlineData("/dashboard.js", "text/javascript")]
    public async Task O5_the_page_may_load_nothing_from_elsewhere_and_needs_no_token(string path, string type)
    {
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions { AdminToken = Secret });
        using HttpResponseMessage answer = await proxy.Client.GetAsync(new Uri(proxy.Admin, path));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(type, answer.Content.Headers.ContentType?.MediaType);
        string policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        foreach (string data in new[] { "/admin/overview", "/admin/flights", "/admin/config", "/admin/warm", "/admin/warm/1", "/admin/stats" })
        {
            using HttpResponseMessage refused = await proxy.Client.GetAsync(new Uri(proxy.Admin, data));
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        }
    }

    private static async Task<JsonElement> JsonAsync(TestProxy proxy, string path)
    {
        using JsonDocument document = JsonDocument.Parse(await proxy.Client.GetStringAsync(new Uri(proxy.Admin, path)));
        return document.RootElement.Clone();
    }

    /// <summary>Waits, within a bound, for a flight of this kind.</summary>
    private static async Task<JsonElement> FlightAsync(TestProxy proxy, Func<JsonElement, bool> isIt)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(60));
        while (true)
        {
            JsonElement flights = (await JsonAsync(proxy, "/admin/flights")).GetProperty("flights");
            JsonElement[] found = [.. flights.EnumerateArray().Where(isIt)];
            if (found.Length > 0)
            {
                return found[0];
            }

            Assert.False(limit.IsCancellationRequested, flights.ToString());
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
    }
}
