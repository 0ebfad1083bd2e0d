using System.Net;
using System.Text.Json;
using S3Proxy.Configuration;

namespace S3Proxy.FunctionalTests.Telemetry;

/// <summary>Requirement O2: why was this a hit, a miss, a bypass, on demand and for those who may know.</summary>
public sealed class TrailTests
{
    private static readonly KeyValuePair<string, string> Explain = new("x-s3proxy-explain", "1");

    [Fact]
    public async Task O2_a_client_with_a_key_is_told_stage_by_stage()
    {
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions { Auth = AuthMode.SigV4 });
        proxy.Origin.PutObject(TestProxy.Bucket, "a", new byte[1000]);

        string miss = await TrailAsync(proxy, "a");
        string hit = await TrailAsync(proxy, "a");

        Assert.StartsWith("rule;bucket=models;mode=ttl;ttl=600;coalescing=streaming, memory;metadata=absent;reason=not_in_memory", miss, StringComparison.Ordinal);
        Assert.Contains("flight;role=leader;participants=1", miss, StringComparison.Ordinal);
        Assert.EndsWith("answer;outcome=miss;tier=origin;role=leader;reason=not_in_memory", miss, StringComparison.Ordinal);
        Assert.Contains("memory;metadata=present;state=fresh;ttl=", hit, StringComparison.Ordinal);
        Assert.EndsWith("answer;outcome=hit;tier=memory;role=none;reason=none", hit, StringComparison.Ordinal);
        Assert.All(proxy.Origin.Traffic.Requests, request => Assert.False(request.Headers.ContainsKey("x-s3proxy-explain")));
    }

    [Fact]
    public async Task O2_what_is_forwarded_tells_the_reason_and_the_origin_does_not_hear_of_the_question()
    {
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions { Auth = AuthMode.SigV4, Rule = new CacheRule { Mode = CacheMode.Bypass } });
        proxy.Origin.PutObject(TestProxy.Bucket, "a", new byte[1000]);

        string trail = await TrailAsync(proxy, "a");

        Assert.Contains("forward;reason=bypass_rule, answer;outcome=bypass;status=200", trail, StringComparison.Ordinal);
        Assert.False(Assert.Single(proxy.Origin.Traffic.Requests).Headers.ContainsKey("x-s3proxy-explain"));
    }

    [Theory]
    [InlineData(TrailMode.Off, AuthMode.SigV4, false)]
    [InlineData(TrailMode.Keys, AuthMode.Anonymous, false)]
    [InlineData(TrailMode.All, AuthMode.Anonymous, true)]
    internal async Task A2_only_those_who_may_know_are_told(TrailMode mode, AuthMode auth, bool isTold)
    {
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions { Auth = auth, Telemetry = new TelemetryConfiguration { Trail = mode } });
        proxy.Origin.PutObject(TestProxy.Bucket, "a", new byte[1000]);

        Assert.Equal(isTold, (await TrailAsync(proxy, "a", auth)).Length > 0);
    }

    [Fact]
    public async Task A2_who_is_refused_is_told_nothing()
    {
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions { Auth = AuthMode.SigV4, Telemetry = new TelemetryConfiguration { Trail = TrailMode.All } });
        using HttpRequestMessage request = new(HttpMethod.Get, $"/{TestProxy.Bucket}/a");
        request.Headers.TryAddWithoutValidation(Explain.Key, Explain.Value);
        using HttpResponseMessage response = await proxy.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.False(response.Headers.Contains("x-s3proxy-trail"));
    }

    /// <summary>The proxy answers from memory, or asks, before it knows whether the origin lets the client in.</summary>
    [Theory]
    [InlineData(TrailMode.Keys)]
    [InlineData(TrailMode.All)]
    internal async Task A3_those_whom_the_origin_judges_are_told_nothing(TrailMode mode)
    {
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions { Auth = AuthMode.Passthrough, Telemetry = new TelemetryConfiguration { Trail = mode } });
        proxy.Origin.PutObject(TestProxy.Bucket, "a", new byte[1000]);
        using SignedClient client = new(proxy.Data, TestProxy.OriginKeyId, TestProxy.OriginSecret);
        using SignedClient thief = new(proxy.Data, TestProxy.OriginKeyId, "guessed");
        using HttpResponseMessage read = await client.GetAsync("a", Explain);
        await read.Content.ReadAsByteArrayAsync();

        using HttpResponseMessage again = await client.GetAsync("a", Explain);
        using HttpResponseMessage refused = await thief.GetAsync("a", Explain);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Forbidden), (again.StatusCode, refused.StatusCode));
        Assert.All([read, again, refused], response => Assert.False(response.Headers.Contains("x-s3proxy-trail")));
    }

    [Fact]
    public async Task O2_the_admin_port_explains_an_object_without_touching_it()
    {
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions { AdminToken = "s3cret" });
        proxy.Origin.PutObject(TestProxy.Bucket, "dir/ä +&=?#", new byte[1000]);

        using JsonDocument before = await ExplainAsync(proxy, "dir/ä +&=?#");
        Assert.Equal(JsonValueKind.Null, before.RootElement.GetProperty("memory").ValueKind);
        Assert.Equal("fetch", before.RootElement.GetProperty("get").GetProperty("action").GetString());
        Assert.Equal("not_in_memory", before.RootElement.GetProperty("get").GetProperty("reason").GetString());
        Assert.Equal(0, proxy.Origin.Traffic.RequestCount);

        using HttpResponseMessage read = await proxy.Client.GetAsync($"/{TestProxy.Bucket}/{Uri.EscapeDataString("dir/ä +&=?#").Replace("%2F", "/", StringComparison.Ordinal)}");
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        await read.Content.ReadAsByteArrayAsync();
        using JsonDocument after = await ExplainAsync(proxy, "dir/ä +&=?#");
        Assert.Equal("serve", after.RootElement.GetProperty("get").GetProperty("action").GetString());
        Assert.Equal("fresh", after.RootElement.GetProperty("memory").GetProperty("freshness").GetString());
        Assert.Equal("0-0", Assert.Single(after.RootElement.GetProperty("memory").GetProperty("present").EnumerateArray()).GetString());
        Assert.Equal("dir/ä +&=?#", after.RootElement.GetProperty("origin").GetProperty("key").GetString());
        Assert.Equal("ttl", after.RootElement.GetProperty("rule").GetProperty("mode").GetString());
    }

    [Theory]
    [InlineData("", 400)]
    [InlineData("?bucket=models", 400)]
    [InlineData("?bucket=models&key=", 400)]
    [InlineData("?bucket=..&key=a", 400)]
    [InlineData("?bucket=models&key=a&key=b", 400)]
    [InlineData("?bucket=models&key=%0a%00%ff", 200)]
    public async Task A_question_that_names_no_object_is_refused(string query, int status)
    {
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions { AdminToken = "s3cret" });
        using HttpResponseMessage answer = await AskAdminAsync(proxy, "/admin/explain" + query);

        Assert.Equal(status, (int)answer.StatusCode);
        using HttpResponseMessage stranger = await proxy.Client.GetAsync(new Uri(proxy.Admin, "/admin/explain" + query));
        Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);
    }

    private static async Task<JsonDocument> ExplainAsync(TestProxy proxy, string key)
    {
        using HttpResponseMessage answer = await AskAdminAsync(proxy, $"/admin/explain?bucket={TestProxy.Bucket}&key={Uri.EscapeDataString(key)}");
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
    }

    private static async Task<HttpResponseMessage> AskAdminAsync(TestProxy proxy, string path)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri(proxy.Admin, path));
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer s3cret");
        return await proxy.Client.SendAsync(request);
    }

    private static async Task<string> TrailAsync(TestProxy proxy, string key, AuthMode auth = AuthMode.SigV4)
    {
        using HttpResponseMessage response = auth == AuthMode.SigV4 ? await proxy.Signed.GetAsync(key, Explain) : await AnonymousAsync(proxy, key);
        await response.Content.ReadAsByteArrayAsync();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return response.Headers.TryGetValues("x-s3proxy-trail", out IEnumerable<string>? trail) ? string.Join(", ", trail) : "";
    }

    private static async Task<HttpResponseMessage> AnonymousAsync(TestProxy proxy, string key)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, $"/{TestProxy.Bucket}/{key}");
        request.Headers.TryAddWithoutValidation(Explain.Key, Explain.Value);
        return await proxy.Client.SendAsync(request);
    }
}
