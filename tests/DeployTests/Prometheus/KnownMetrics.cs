using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using S3Proxy.Configuration;
using S3Proxy.Pipeline;
using S3Proxy.Reloading;
using S3Proxy.Telemetry;
using S3Proxy.Telemetry.Prometheus;
using S3Proxy.Testing.Origin;
using S3Proxy.Testing.Programs;

namespace S3Proxy.DeployTests.Prometheus;

/// <summary>The names of all metrics that a proxy can tell.</summary>
internal static partial class KnownMetrics
{
    private const string Bucket = "data";

    /// <summary>
    /// Those that a running proxy with a fleet's configuration tells after a read, and those whose instruments it has made: counters of faults that never
    /// happened are in no scrape.
    /// </summary>
    public static async Task<IReadOnlySet<string>> ReadAsync()
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        using MeterListener listener = new();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Name == ProxyMetrics.MeterName)
            {
                lock (names)
                {
                    names.Add(PrometheusNames.FamilyOf(instrument.Name, instrument.Unit ?? "", KindOf(instrument)));
                }
            }
        };
        listener.Start();
        string scrape = await ScrapeAsync();
        lock (names)
        {
            names.UnionWith(TypeLine().Matches(scrape).Select(match => match.Groups[1].Value));
            return names;
        }
    }

    private static async Task<string> ScrapeAsync()
    {
        await using EmbeddedOrigin origin = await EmbeddedOrigin.StartAsync(new EmbeddedOriginOptions { AllowAnonymous = true, Buckets = [Bucket] });
        origin.PutObject(Bucket, "key", new byte[1024]);
        string yaml = $$"""
            listen: { endpoint: "http://127.0.0.1:0", admin: "http://127.0.0.1:0" }
            origins: { main: { endpoints: ["{{origin.Endpoint.GetLeftPart(UriPartial.Authority)}}"], credentials: { anonymous: true } } }
            buckets: { "*": { origin: main } }
            auth: { mode: anonymous }
            telemetry: { prices: { perThousandGets: 1 } }
            accessLog: { format: json, path: /dev/null }
            cache: { memory: { size: 32MiB }, redis: { connection: "127.0.0.1:{{FreePorts.Find(1)[0]}}", failOpen: true } }
            """;
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, yaml);
            Dictionary<string, string> environment = [];
            ConfigurationResult loaded = ConfigurationLoader.LoadFile(file, environment);
            Assert.True(loaded.IsValid, string.Join('\n', loaded.Errors));
            await using WebApplication app = ProxyHost.Build(
                loaded.Configuration, logging => logging.ClearProviders(), file: new ConfigurationFile(file, environment, loaded.Source));
            await app.StartAsync();
            using HttpClient client = new();
            (await client.GetAsync(new Uri(ProxyHost.AddressOf(app, ListenerRole.Data), $"/{Bucket}/key"))).EnsureSuccessStatusCode();

            // A client may have its answer before the request is counted.
            using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
            string text;
            do
            {
                text = await client.GetStringAsync(new Uri(ProxyHost.AddressOf(app, ListenerRole.Admin), "/metrics"), limit.Token);
            }
            while (!text.Contains("s3proxy_request_duration_seconds_count", StringComparison.Ordinal));
            await app.StopAsync();
            return text;
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static PrometheusKind KindOf(Instrument instrument) => instrument.GetType().Name.Split('`')[0] switch
    {
        "Counter" or "ObservableCounter" => PrometheusKind.Counter,
        "Histogram" => PrometheusKind.Histogram,
        _ => PrometheusKind.Gauge,
    };

    [GeneratedRegex("^# TYPE ([a-zA-Z0-9_:]+) ", RegexOptions.Multiline)]
    private static partial Regex TypeLine();
}
