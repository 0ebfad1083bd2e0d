using System.Net;
using System.Text.Json;
using S3Proxy.FunctionalTests.Telemetry;
using Xunit.Abstractions;

namespace S3Proxy.FunctionalTests;

/// <summary>Requirements O3, O6, A5: the admin port.</summary>
public sealed class AdminTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Health_readiness_and_metrics_are_on_the_admin_port_only()
    {
        await using TestProxy proxy = await TestProxy.StartAsync();

        Assert.Equal("ok", await proxy.Client.GetStringAsync(new Uri(proxy.Admin, "/healthz")));
        Assert.Equal("ready", await proxy.Client.GetStringAsync(new Uri(proxy.Admin, "/readyz")));
        using HttpResponseMessage unknown = await proxy.Client.GetAsync(new Uri(proxy.Admin, "/nothing"));
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        using HttpResponseMessage post = await proxy.Client.PostAsync(new Uri(proxy.Admin, "/metrics"), null);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, post.StatusCode);
        using HttpResponseMessage data = await proxy.Client.GetAsync("/healthz");
        Assert.Equal("application/xml", data.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Metrics_count_what_happened_and_promtool_accepts_them()
    {
        await using TestProxy proxy = await TestProxy.StartAsync();
        proxy.Origin.PutObject(TestProxy.Bucket, "a", new byte[1000]);
        for (int i = 0; i < 3; i++)
        {
            await proxy.Client.GetByteArrayAsync($"/{TestProxy.Bucket}/a");
        }

        string text = await proxy.Client.GetStringAsync(new Uri(proxy.Admin, "/metrics"));

        Assert.Contains("s3proxy_requests_total{operation=\"get\",outcome=\"MISS\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("s3proxy_requests_total{operation=\"get\",outcome=\"HIT\"} 2\n", text, StringComparison.Ordinal);
        Assert.Contains("s3proxy_origin_requests_total{", text, StringComparison.Ordinal);
        Assert.Contains("s3proxy_origin_bytes_total{origin=\"main\"} 1000\n", text, StringComparison.Ordinal);
        Assert.Contains("s3proxy_memory_bytes{kind=\"budget\"}", text, StringComparison.Ordinal);
        await ScrapeCheck.AssertSoundAsync(text, output);
    }

    [Theory]
    [InlineData("""{ "bucket": "BUCKET", "key": "dir/a" }""", 1)]
    [InlineData("""{ "bucket": "BUCKET", "prefix": "dir/" }""", 2)]
    [InlineData("""{ "bucket": "BUCKET" }""", 3)]
    [InlineData("""{ "all": true }""", 3)]
    public async Task I4_a_purge_answers_when_the_next_read_asks_the_origin_and_says_how_much_it_dropped(string target, int objects)
    {
        await using TestProxy proxy = await TestProxy.StartAsync();
        string[] keys = ["dir/a", "dir/b", "c"];
        foreach (string key in keys)
        {
            proxy.Origin.PutObject(TestProxy.Bucket, key, new byte[100]);
            await proxy.Client.GetByteArrayAsync($"/{TestProxy.Bucket}/{key}");
        }

        using StringContent body = new(target.Replace("BUCKET", TestProxy.Bucket, StringComparison.Ordinal), System.Text.Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await proxy.Client.PostAsync(new Uri(proxy.Admin, "/admin/purge"), body);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using JsonDocument report = JsonDocument.Parse(await answer.Content.ReadAsStreamAsync());
        Assert.Equal(objects, report.RootElement.GetProperty("objects").GetInt32());
        Assert.Equal(objects, report.RootElement.GetProperty("slices").GetInt32());
        Assert.False(report.RootElement.GetProperty("pending").GetBoolean());
        Assert.Empty(report.RootElement.GetProperty("replicas").GetProperty("silent").EnumerateArray());
        for (int i = 0; i < keys.Length; i++)
        {
            using HttpResponseMessage read = await proxy.Client.GetAsync($"/{TestProxy.Bucket}/{keys[i]}");
            Assert.Equal(i < objects ? "MISS" : "HIT", read.Headers.GetValues("x-cache").Single());
        }
    }

    [Fact]
    public async Task K2_statistics_tell_who_reads_what()
    {
        await using TestProxy proxy = await TestProxy.StartAsync();
        proxy.Origin.PutObject(TestProxy.Bucket, "a", new byte[1000]);
        for (int i = 0; i < 3; i++)
        {
            await proxy.Client.GetByteArrayAsync($"/{TestProxy.Bucket}/a");
        }

        // A client may have its last byte before the proxy has counted it.
        using JsonDocument document = await ReadStatisticsAsync(proxy, requests: 3);
        JsonElement bucket = Assert.Single(document.RootElement.GetProperty("buckets").EnumerateArray());
        Assert.Equal(TestProxy.Bucket, bucket.GetProperty("bucket").GetString());
        Assert.Equal(3, bucket.GetProperty("requests").GetInt64());
        Assert.Equal(3000, bucket.GetProperty("bytes").GetInt64());
        Assert.Equal("a", Assert.Single(document.RootElement.GetProperty("hotKeys").EnumerateArray()).GetProperty("key").GetString());
        using HttpResponseMessage data = await proxy.Client.GetAsync("/admin/stats");
        Assert.Equal("application/xml", data.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task With_a_token_metrics_need_it_and_probes_do_not()
    {
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions { AdminToken = "s3cret" });

        Assert.Equal("ok", await proxy.Client.GetStringAsync(new Uri(proxy.Admin, "/healthz")));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(proxy, null));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(proxy, "Bearer s3cre"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(proxy, "Basic s3cret"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(proxy, "Bearer s3cret"));
    }

    private static async Task<JsonDocument> ReadStatisticsAsync(TestProxy proxy, long requests)
    {
        for (int attempt = 0; ; attempt++)
        {
            JsonDocument document = JsonDocument.Parse(await proxy.Client.GetStringAsync(new Uri(proxy.Admin, "/admin/stats")));
            if (attempt == 100 || document.RootElement.GetProperty("total").GetProperty("requests").GetInt64() >= requests)
            {
                return document;
            }

            document.Dispose();
        }
    }

    private static async Task<HttpStatusCode> StatusAsync(TestProxy proxy, string? authorization)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri(proxy.Admin, "/metrics"));
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        using HttpResponseMessage response = await proxy.Client.SendAsync(request);
        return response.StatusCode;
    }
}
