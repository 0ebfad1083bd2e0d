using System.Globalization;
using System.Text.RegularExpressions;
using S3Proxy.Testing.Fleet;
using S3Proxy.Testing.Origin;
using Xunit.Abstractions;

namespace S3Proxy.DeployTests.Prometheus;

/// <summary>A real Prometheus, a real proxy process and planted faults: the alert meant for each fires, and not before (requirement O5).</summary>
public sealed partial class AlertFiringTests(ITestOutputHelper output) : IDisposable
{
    private const string Bucket = "data";
    private const string Token = "token-of-a-test";
    private const string CorruptKey = "corrupt";
    private readonly string _directory = Directory.CreateTempSubdirectory("s3proxy-alerts-").FullName;
    private readonly HttpClient _client = new();
    private int _reads;

    [Fact]
    public async Task Alerts_fire_on_planted_faults_and_not_before()
    {
        if (PrometheusServer.FindMissing() is { } missing)
        {
            output.WriteLine(missing);
            return;
        }

        await using EmbeddedOrigin origin = await StartOriginAsync();
        await using FleetReplica proxy = await StartProxyAsync(origin.Endpoint);
        await using PrometheusServer prometheus = await PrometheusServer.StartAsync(_directory, proxy.Admin, Token, Hurry(await File.ReadAllTextAsync(RuleFile.FilePath)));

        // All is well but Redis, which was never there.
        await prometheus.WaitAsync(
            async () => await IsFiringAsync(prometheus, "S3ProxyRedisLost") && await IsFiringAsync(prometheus, "S3ProxyFleetNotHearing"),
            () => ReadAsync(proxy, "key"), "the alerts about Redis");
        await prometheus.WaitAsync(async () => await prometheus.ReadAsync("job:s3proxy_hit_ratio:rate5m") is not null, () => ReadAsync(proxy, "key"), "a hit ratio");
        // A busy machine may miss scrapes, which is told as what it would be elsewhere.
        Assert.Equal(
            ["S3ProxyFleetNotHearing", "S3ProxyRedisLost"],
            (await prometheus.ReadFiringAsync())!.Except(["S3ProxyDown", "S3ProxyAllDown"]).Order(StringComparer.Ordinal));

        using (origin.Faults.Add(RequestMatch.Get(CorruptKey), new FaultEffects { CorruptByteAt = 100 }))
        {
            await prometheus.WaitAsync(() => IsFiringAsync(prometheus, "S3ProxyCorruptBody"), () => ReadAsync(proxy, CorruptKey), "the alert about corrupt bytes");
        }

        Assert.DoesNotContain("S3ProxyOriginDown", (await prometheus.ReadFiringAsync())!);
        await origin.StopListeningAsync();
        await prometheus.WaitAsync(
            async () => await IsFiringAsync(prometheus, "S3ProxyOriginDown") && await IsFiringAsync(prometheus, "S3ProxyReadErrors"),
            () => ReadAsync(proxy, NextKey()), "the alerts about the origin");

        await prometheus.WaitAsync(async () => !await IsFiringAsync(prometheus, "S3ProxyDown"), static () => Task.CompletedTask, "the end of alerts about the proxy");
        await proxy.KillAsync();
        await prometheus.WaitAsync(
            async () => await IsFiringAsync(prometheus, "S3ProxyDown") && await IsFiringAsync(prometheus, "S3ProxyAllDown"),
            static () => Task.CompletedTask, "the alerts about the proxy");
    }

    public void Dispose()
    {
        _client.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>The rules with seconds for minutes.</summary>
    private static string Hurry(string rules) =>
        PendingTime().Replace(rules, "for: 2s").Replace("[5m]", "[5s]", StringComparison.Ordinal);

    private static async Task<bool> IsFiringAsync(PrometheusServer prometheus, string alert) => await prometheus.ReadFiringAsync() is { } firing && firing.Contains(alert);

    private static async Task<EmbeddedOrigin> StartOriginAsync()
    {
        EmbeddedOrigin origin = await EmbeddedOrigin.StartAsync(new EmbeddedOriginOptions { AllowAnonymous = true, Buckets = [Bucket] });
        origin.PutObject(Bucket, "key", new byte[1000]);
        origin.PutObject(Bucket, CorruptKey, new byte[1000]);
        return origin;
    }

    private async Task<FleetReplica> StartProxyAsync(Uri origin)
    {
        string file = Path.Combine(_directory, "s3proxy.yaml");
        // A port that nobody listens on: 1 is for root alone.
        await File.WriteAllTextAsync(file, $$"""
            listen: { endpoint: "http://127.0.0.1:0", admin: "http://127.0.0.1:0", adminToken: {{Token}} }
            origins:
              main: { endpoints: ["{{origin.GetLeftPart(UriPartial.Authority)}}"], credentials: { anonymous: true }, verifyETag: always, retry: { maxRepeats: 0 } }
            buckets: { "*": { origin: main, cache: { negativeTtl: 0s } } }
            auth: { mode: anonymous }
            cache: { memory: { size: 32MiB }, redis: { connection: "127.0.0.1:1" } }
            """);
        return await FleetReplica.StartAsync(0, Path.Combine(AppContext.BaseDirectory, "S3Proxy.dll"), file, Path.Combine(_directory, "proxy.log"), new Dictionary<string, string>());
    }

    private string NextKey() => string.Create(CultureInfo.InvariantCulture, $"missing-{_reads++}");

    /// <summary>Reads an object and does not care how that ends.</summary>
    private async Task ReadAsync(FleetReplica proxy, string key)
    {
        try
        {
            using HttpResponseMessage answer = await _client.GetAsync(new Uri(proxy.Endpoint, $"/{Bucket}/{key}"));
            await answer.Content.ReadAsByteArrayAsync();
        }
        catch (HttpRequestException)
        {
            // Aborted, as it should be.
        }
    }

    [GeneratedRegex(@"for: [1-9]\w+")]
    private static partial Regex PendingTime();
}
