using System.Globalization;
using System.Text.Json;
using S3Proxy.Testing.Programs;

namespace S3Proxy.DeployTests.Prometheus;

/// <summary>A real Prometheus on 127.0.0.1 that scrapes one proxy each second. Ends with its test, and with the test's process.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private readonly SupervisedProcess _process;
    private readonly HttpClient _client;

    private PrometheusServer(SupervisedProcess process, HttpClient client)
    {
        _process = process;
        _client = client;
    }

    /// <summary>What this machine lacks; null when nothing.</summary>
    public static string? FindMissing() =>
        SupervisedProcess.FindMissing() ?? (InstalledProgram.Find("prometheus", "/") is null ? "Not run: prometheus is not installed (Debian: prometheus)." : null);

    /// <summary>Starts it; nobody waits until it has scraped.</summary>
    /// <param name="folder">Gets its files.</param>
    /// <param name="target">The admin address of the proxy.</param>
    /// <param name="token">What the admin port asks for.</param>
    /// <param name="rules">The rules, in YAML.</param>
    public static async Task<PrometheusServer> StartAsync(string folder, Uri target, string token, string rules)
    {
        string rulesFile = Path.Combine(folder, "rules.yaml");
        await File.WriteAllTextAsync(rulesFile, rules);
        string configuration = Path.Combine(folder, "prometheus.yaml");
        await File.WriteAllTextAsync(configuration, $$"""
            global: { scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 500ms }
            rule_files: ["{{rulesFile}}"]
            scrape_configs:
              - job_name: s3proxy
                authorization: { credentials: "{{token}}" }
                static_configs: [ { targets: ["{{target.Authority}}"] } ]
            """);
        string address = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{FreePorts.Find(1)[0]}");
        SupervisedProcess process = await SupervisedProcess.StartAsync(
            [
                InstalledProgram.Find("prometheus", "/")!.Path,
                $"--config.file={configuration}", $"--storage.tsdb.path={Path.Combine(folder, "data")}", $"--web.listen-address={address}", "--log.level=warn",
            ],
            Path.Combine(folder, "prometheus.log"),
            new Dictionary<string, string> { ["GOMAXPROCS"] = "1" },
            static _ => { },
            ProcessSignal.Terminate);
        return new PrometheusServer(process, new HttpClient { BaseAddress = new Uri($"http://{address}") });
    }

    /// <summary>The names of the alerts that fire now; null as long as it does not answer.</summary>
    public async Task<IReadOnlySet<string>?> ReadFiringAsync()
    {
        try
        {
            using JsonDocument answer = JsonDocument.Parse(await _client.GetStringAsync(new Uri("/api/v1/alerts", UriKind.Relative)));
            return answer.RootElement.GetProperty("data").GetProperty("alerts").EnumerateArray()
                .Where(alert => alert.GetProperty("state").GetString() == "firing")
                .Select(alert => alert.GetProperty("labels").GetProperty("alertname").GetString()!)
                .ToHashSet(StringComparer.Ordinal);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>The value of an expression of one series; null while there is none.</summary>
    public async Task<string?> ReadAsync(string expression)
    {
        try
        {
            using JsonDocument answer = JsonDocument.Parse(await _client.GetStringAsync(new Uri("/api/v1/query?query=" + Uri.EscapeDataString(expression), UriKind.Relative)));
            return answer.RootElement.GetProperty("data").GetProperty("result").EnumerateArray().Select(series => series.GetProperty("value")[1].GetString()).FirstOrDefault();
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>Waits until something is true, a bounded number of times.</summary>
    /// <param name="condition">Asked again and again.</param>
    /// <param name="between">Done before each time it is asked.</param>
    /// <param name="what">For the message.</param>
    public async Task WaitAsync(Func<Task<bool>> condition, Func<Task> between, string what)
    {
        const int MaxTries = 480;
        for (int i = 0; i < MaxTries; i++)
        {
            await between();
            if (await condition())
            {
                return;
            }

            Assert.False(_process.HasEnded, "Prometheus ended: " + await File.ReadAllTextAsync(_process.ErrorFile));
            await Task.Delay(Pause, TimeProvider.System);
        }

        Assert.Fail($"It did not come: {what}. Firing: {string.Join(", ", await ReadFiringAsync() ?? new HashSet<string>())}");
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return _process.DisposeAsync();
    }
}
