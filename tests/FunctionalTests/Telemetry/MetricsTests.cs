using System.Net;
using System.Text.RegularExpressions;
using S3Proxy.Configuration;
using S3Proxy.FunctionalTests.Running;
using S3Proxy.Testing;
using S3Proxy.Testing.Origin;
using Xunit.Abstractions;

namespace S3Proxy.FunctionalTests.Telemetry;

/// <summary>Requirement O3: a scrape of a running proxy after traffic of every kind.</summary>
public sealed partial class MetricsTests(ITestOutputHelper output)
{
    private const double PerThousandGets = 0.4;
    private const double PerGiB = 1024;

    [Fact]
    public async Task O3_a_scrape_after_traffic_of_every_kind_is_sound_and_documented()
    {
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions { Auth = AuthMode.SigV4, Telemetry = new() { Prices = new() { PerThousandGets = PerThousandGets, PerGiBEgress = PerGiB } } });
        await MakeTrafficAsync(proxy);

        string text = await proxy.Client.GetStringAsync(new Uri(proxy.Admin, "/metrics"));

        Assert.Contains("s3proxy_request_duration_seconds_count{operation=\"get\",outcome=\"HIT\",tier=\"memory\"} 2\n", text, StringComparison.Ordinal);
        Assert.Contains("s3proxy_request_duration_seconds_count{operation=\"put\",outcome=\"BYPASS\",tier=\"origin\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("s3proxy_request_duration_seconds_count{operation=\"list\",outcome=\"BYPASS\",tier=\"origin\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("s3proxy_request_duration_seconds_count{operation=\"get\",outcome=\"REFUSED\",tier=\"none\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("s3proxy_first_byte_seconds_count{operation=\"get\",outcome=\"HIT\",tier=\"memory\"} 2\n", text, StringComparison.Ordinal);
        Assert.Contains("s3proxy_request_reasons_total{reason=\"not_in_memory\"}", text, StringComparison.Ordinal);
        Assert.Contains("s3proxy_origin_first_byte_seconds_count{origin=\"main\",result=\"2xx\"}", text, StringComparison.Ordinal);
        Assert.Contains("s3proxy_origin_duration_seconds_count{origin=\"main\",result=\"2xx\"}", text, StringComparison.Ordinal);
        Assert.Contains("s3proxy_flight_duration_seconds_count{of=\"run\",result=\"complete\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("s3proxy_flight_readers_count{of=\"object\"}", text, StringComparison.Ordinal);
        Assert.Contains($"s3proxy_saved_requests_total{{bucket=\"{TestProxy.Bucket}\",client=\"{TestProxy.ClientKeyId}\"}} 2\n", text, StringComparison.Ordinal);
        Assert.Contains($"s3proxy_saved_bytes_total{{bucket=\"{TestProxy.Bucket}\",client=\"{TestProxy.ClientKeyId}\"}} 2000\n", text, StringComparison.Ordinal);
        double cost = (2 * PerThousandGets / 1000) + (2000 * PerGiB / (1 << 30));
        Assert.Contains($"s3proxy_saved_cost_total{{bucket=\"{TestProxy.Bucket}\",client=\"{TestProxy.ClientKeyId}\",currency=\"USD\"}} {cost.ToString("R", System.Globalization.CultureInfo.InvariantCulture)}\n", text, StringComparison.Ordinal);
        AssertDocumented(text);
        await ScrapeCheck.AssertSoundAsync(text, output);
    }

    [Fact]
    public async Task O3_clients_beyond_the_bound_are_told_together()
    {
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions { Telemetry = new() { MaxTenants = 2 } });
        for (int i = 0; i < 5; i++)
        {
            proxy.Origin.CreateBucket($"bucket-{i}");
            proxy.Origin.PutObject($"bucket-{i}", "a", new byte[100]);
            await proxy.Client.GetByteArrayAsync($"/bucket-{i}/a");
            await proxy.Client.GetByteArrayAsync($"/bucket-{i}/a");
        }

        // A client may have its last byte before the proxy has counted it.
        string[] saved = [];
        await FileProxy.UntilAsync(async () =>
        {
            saved = [.. (await proxy.Client.GetStringAsync(new Uri(proxy.Admin, "/metrics"))).Split('\n').Where(line => line.StartsWith("s3proxy_saved_requests_total{", StringComparison.Ordinal))];
            return saved.Contains("s3proxy_saved_requests_total{bucket=\"other\",client=\"other\"} 3");
        });
        Assert.Equal(3, saved.Length);
        Assert.DoesNotContain(await proxy.Client.GetStringAsync(new Uri(proxy.Admin, "/metrics")), "s3proxy_saved_cost", StringComparison.Ordinal);
    }

    [Fact]
    public void Every_instrument_of_the_source_is_documented()
    {
        string documented = File.ReadAllText(Repository.PathOf("docs/telemetry.md"));
        string[] instruments =
        [
            .. Directory.EnumerateFiles(Repository.PathOf("src/Proxy/Telemetry"), "*.cs", SearchOption.AllDirectories)
                .SelectMany(file => Instrument().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value)).Distinct(),
        ];

        Assert.True(instruments.Length > 50, $"{instruments.Length} instruments were found.");
        Assert.All(instruments, name => Assert.Matches($"`{name.Replace('.', '_')}(_[a-z]+)*`", documented));
    }

    private static async Task MakeTrafficAsync(TestProxy proxy)
    {
        proxy.Origin.PutObject(TestProxy.Bucket, "a", new byte[1000]);
        for (int i = 0; i < 3; i++)
        {
            using HttpResponseMessage read = await proxy.Signed.GetAsync("a");
            Assert.Equal(1000, (await read.Content.ReadAsByteArrayAsync()).Length);
        }

        using HttpResponseMessage missing = await proxy.Signed.GetAsync("missing");
        using HttpResponseMessage put = await proxy.Signed.PutAsync("up", new byte[10]);
        using HttpResponseMessage list = await proxy.Signed.SendAsync(HttpMethod.Get, TestProxy.Bucket, key: null, "list-type=2");
        using HttpResponseMessage refused = await proxy.Client.GetAsync($"/{TestProxy.Bucket}/a");
        using FaultRule cut = proxy.Origin.Faults.Add(RequestMatch.Get("cut"), new FaultEffects { CutOnArrival = true });
        using HttpResponseMessage failed = await proxy.Signed.GetAsync("cut");
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal(HttpStatusCode.OK, list.StatusCode);

        // A client may have its last byte before the proxy has counted it.
        await proxy.AssertAllBackAsync();
    }

    private static void AssertDocumented(string scrape)
    {
        string documented = File.ReadAllText(Repository.PathOf("docs/telemetry.md"));
        foreach (string line in scrape.Split('\n').Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal)))
        {
            string[] words = line.Split(' ');
            bool isOurs = words[2].StartsWith("s3proxy_", StringComparison.Ordinal);
            string row = isOurs ? $"| `{words[2]}` | {words[3]} |" : $"`{words[2].Split('_')[0]}_…`";
            Assert.True(documented.Contains(row, StringComparison.Ordinal), $"docs/telemetry.md has no row that begins with: {row}");
        }
    }

    [GeneratedRegex("(?:Create\\w+(?:<\\w+>)?|new)\\(\\s*\"(s3proxy\\.[a-z_.]+)\"")]
    private static partial Regex Instrument();
}
