using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using S3Proxy.Testing.Tls;

namespace S3Proxy.FunctionalTests.Running;

/// <summary>Requirements O1, O5, C8: the admin port follows the configuration of the moment, and tells of it.</summary>
public sealed class AdminReloadTests
{
    private const string Named = "buckets: { models: { origin: main } }";
    private const string NamedTwice = "buckets: { models: { origin: main }, late: { origin: main, bucket: models } }";

    private static string OneBucket { get; } = FileConfigurations.Open.Replace("buckets: { \"*\": { origin: main } }", Named, StringComparison.Ordinal);

    [Fact]
    public async Task O5_the_overview_tells_costs_reloads_and_certificates()
    {
        using ServerCertificate certificate = new("one");
        string listen = "listen: { endpoint: \"https://127.0.0.1:0\", admin: \"http://127.0.0.1:0\", tls: { certificateFile: tls.crt, keyFile: tls.key } }\n";
        string yaml = listen + FileConfigurations.Open + "telemetry: { prices: { currency: EUR, perThousandGets: 4, perGiBEgress: 0 } }\n";
        await using FileProxy proxy = await FileProxy.StartAsync(yaml, directory =>
        {
            File.WriteAllText(Path.Combine(directory.FullName, "tls.crt"), certificate.CertificatePem);
            File.WriteAllText(Path.Combine(directory.FullName, "tls.key"), certificate.KeyPem);
        });
        proxy.Origin.PutObject(TestProxy.Bucket, "a", new byte[5000]);
        for (int i = 0; i < 3; i++)
        {
            await proxy.TextAsync("a");
        }

        await FileProxy.UntilAsync(async () => (await OverviewAsync(proxy)).GetProperty("requests").GetProperty("saved").GetDouble() == 2);
        JsonElement overview = await OverviewAsync(proxy);
        Assert.Equal(0.008, overview.GetProperty("cost").GetProperty("saved").GetDouble(), 9);
        Assert.Equal("EUR", overview.GetProperty("cost").GetProperty("currency").GetString());
        Assert.Equal(10_000, overview.GetProperty("bytes").GetProperty("saved").GetDouble());
        JsonElement told = Assert.Single(overview.GetProperty("certificates").EnumerateArray());
        Assert.Equal("data", told.GetProperty("port").GetString());
        Assert.Equal(2120, told.GetProperty("ends").GetDateTimeOffset().Year);
        Assert.True(told.GetProperty("secondsLeft").GetDouble() > 0);
        Assert.True(overview.GetProperty("reloads").GetProperty("lastSuccessful").GetBoolean());

        Assert.Equal(400, (await proxy.ReloadAsync(yaml.Replace("main:", "main: { nothing: 1 }, other:", StringComparison.Ordinal))).Status);
        Assert.Equal(200, (await proxy.ReloadAsync(yaml + "limits: { perAddress: { requestsPerSecond: 0.001, burst: 1 } }\n")).Status);
        await proxy.TextAsync("a");
        await proxy.TextAsync("a");

        overview = await OverviewAsync(proxy);
        JsonElement reloads = overview.GetProperty("reloads");
        Assert.Equal((1, 1), (reloads.GetProperty("refused").GetDouble(), reloads.GetProperty("applied").GetDouble()));
        Assert.True(reloads.GetProperty("lastSuccessful").GetBoolean());
        Assert.True(overview.GetProperty("refused").GetProperty("rateLimit").GetDouble() >= 1);
    }

    [Fact]
    public async Task C8_a_warm_up_goes_by_the_buckets_of_the_moment_and_clients_hit_what_it_loaded()
    {
        await using FileProxy proxy = await FileProxy.StartAsync(OneBucket);
        proxy.Origin.PutObject(TestProxy.Bucket, "a", new byte[5000]);
        Assert.Equal(HttpStatusCode.NotFound, await WarmAsync(proxy));

        Assert.Equal(200, (await proxy.ReloadAsync(OneBucket.Replace(Named, NamedTwice, StringComparison.Ordinal))).Status);
        Assert.Equal(HttpStatusCode.Accepted, await WarmAsync(proxy));

        await FileProxy.UntilAsync(async () => (await JsonAsync(proxy, "/admin/warm/1")).GetProperty("state").GetString() == "done");
        using HttpResponseMessage read = await proxy.Client.GetAsync(new Uri(proxy.Data, "/late/a"));
        Assert.Equal("HIT", read.Headers.GetValues("x-cache").Single());
        JsonElement late = (await JsonAsync(proxy, "/admin/config")).GetProperty("buckets").GetProperty("late");
        Assert.Equal("models", late.GetProperty("originBucket").GetString());
    }

    [Fact]
    public async Task A5_a_token_that_is_reloaded_is_asked_for_at_once()
    {
        await using FileProxy proxy = await FileProxy.StartAsync(OneBucket);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(proxy, null)).StatusCode);
        string listen = "listen: { endpoint: \"http://127.0.0.1:0\", admin: \"http://127.0.0.1:0\", adminToken: next }\n";

        Assert.Equal(200, (await proxy.ReloadAsync(listen + OneBucket)).Status);

        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(proxy, null)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(proxy, "next")).StatusCode);
    }

    private static async Task<HttpStatusCode> WarmAsync(FileProxy proxy)
    {
        using HttpResponseMessage response = await proxy.Client.PostAsJsonAsync(new Uri(proxy.Admin, "/admin/warm"), new { bucket = "late", keys = new[] { "a" } });
        return response.StatusCode;
    }

    private static async Task<HttpResponseMessage> AskAsync(FileProxy proxy, string? token)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri(proxy.Admin, "/admin/overview"));
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return await proxy.Client.SendAsync(request);
    }

    private static Task<JsonElement> OverviewAsync(FileProxy proxy) => JsonAsync(proxy, "/admin/overview");

    private static async Task<JsonElement> JsonAsync(FileProxy proxy, string path)
    {
        using JsonDocument document = JsonDocument.Parse(await proxy.Client.GetStringAsync(new Uri(proxy.Admin, path)));
        return document.RootElement.Clone();
    }
}
