using System.Net;
using System.Text.Json;
using S3Proxy.Configuration;
using S3Proxy.Testing.Origin;

namespace S3Proxy.FunctionalTests.Running;

/// <summary>Requirement A6: a client that asks too much is told to slow down, in S3's form, and nobody else.</summary>
public sealed class LimitTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("limits-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A6_too_many_requests_of_a_key_are_refused_and_told_why()
    {
        string log = Path.Combine(_folder, "access.log");
        await using (TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions
        {
            Auth = AuthMode.SigV4,
            Limits = new LimitsConfiguration { PerKey = new LimitConfiguration { RequestsPerSecond = 0.001, Burst = 2 } },
            AccessLog = new AccessLogConfiguration { Format = AccessLogFormat.Json, Path = log },
        }))
        {
            proxy.Origin.PutObject(TestProxy.Bucket, "a", new byte[1000]);
            Assert.Equal(1000, (await proxy.Signed.ReadAsync("a")).Length);
            Assert.Equal(1000, (await proxy.Signed.ReadAsync("a")).Length);
            using HttpResponseMessage refused = await proxy.Signed.GetAsync("a", new KeyValuePair<string, string>("x-s3proxy-explain", "1"));

            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 990, 1000);
            string body = await refused.Content.ReadAsStringAsync();
            Assert.Contains("<Code>SlowDown</Code>", body, StringComparison.Ordinal);
            Assert.Contains($"<Resource>/{TestProxy.Bucket}/a</Resource>", body, StringComparison.Ordinal);
            Assert.Equal("limit;scope=key;reason=rate_limit", refused.Headers.GetValues("x-s3proxy-trail").Single());

            // Somebody without a right signature does not use up what the key may have, nor is he told of it.
            using HttpResponseMessage stranger = await proxy.Client.GetAsync($"/{TestProxy.Bucket}/a");
            Assert.Equal(HttpStatusCode.Forbidden, stranger.StatusCode);
            Assert.Contains("s3proxy_limited_total{kind=\"rate\",scope=\"key\"} 1", await proxy.Client.GetStringAsync(new Uri(proxy.Admin, "/metrics")), StringComparison.Ordinal);
        }

        Assert.Contains("rate_limit", (await File.ReadAllLinesAsync(log)).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task A6_too_many_requests_that_run_are_refused_until_one_ends()
    {
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions { Limits = new LimitsConfiguration { PerAddress = new LimitConfiguration { Concurrent = 1 } } });
        proxy.Origin.PutObject(TestProxy.Bucket, "a", new byte[1000]);
        OriginGate gate = new();
        proxy.Origin.Faults.Add(RequestMatch.AnyGet, new FaultEffects { HoldBeforeHeaders = gate });
        Task<HttpResponseMessage> running = proxy.Client.GetAsync($"/{TestProxy.Bucket}/a");
        await gate.ArrivedAsync(1);

        using (HttpResponseMessage refused = await proxy.Client.GetAsync($"/{TestProxy.Bucket}/a"))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter!.Delta);
        }

        gate.Release();
        using HttpResponseMessage first = await running;
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        await FileProxy.UntilAsync(async () =>
        {
            using HttpResponseMessage next = await proxy.Client.GetAsync($"/{TestProxy.Bucket}/a");
            return next.StatusCode == HttpStatusCode.OK;
        });
    }

    [Fact]
    public async Task A6_addresses_behind_a_trusted_proxy_are_told_apart_and_a_reload_lifts_the_limit()
    {
        const string Limits = "limits: { perAddress: { requestsPerSecond: 0.001 } }\n";
        const string Trusting = "listen: { endpoint: \"http://127.0.0.1:0\", admin: \"http://127.0.0.1:0\", trustedProxies: [127.0.0.0/8] }\n" + FileConfigurations.Open;
        await using FileProxy proxy = await FileProxy.StartAsync(Trusting + Limits);
        proxy.Origin.PutObject(TestProxy.Bucket, "a", new byte[1000]);
        Assert.Equal(HttpStatusCode.OK, await GetAsync("203.0.113.1"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await GetAsync("203.0.113.1"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await GetAsync("203.0.113.7, 203.0.113.1"));
        Assert.Equal(HttpStatusCode.OK, await GetAsync("203.0.113.2"));

        // The connection is the proxy's, and no client's that it told of before.
        Assert.Equal(HttpStatusCode.OK, await GetAsync(null));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await GetAsync(null));

        Assert.Equal(200, (await proxy.ReloadAsync(Trusting)).Status);
        Assert.Equal(HttpStatusCode.OK, await GetAsync("203.0.113.1"));
        Assert.Equal(200, (await proxy.ReloadAsync(Trusting + Limits)).Status);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await GetAsync("203.0.113.1"));

        // Nobody is trusted any more: what the header says has no effect.
        Assert.Equal(200, (await proxy.ReloadAsync(FileConfigurations.Open + Limits)).Status);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await GetAsync("203.0.113.77"));

        async Task<HttpStatusCode> GetAsync(string? forwardedFor)
        {
            using HttpRequestMessage request = new(HttpMethod.Get, new Uri(proxy.Data, $"/{TestProxy.Bucket}/a"));
            if (forwardedFor is not null)
            {
                request.Headers.TryAddWithoutValidation("X-Forwarded-For", forwardedFor);
            }

            using HttpResponseMessage response = await proxy.Client.SendAsync(request);
            return response.StatusCode;
        }
    }
}
