using System.Collections.Frozen;
using System.Diagnostics.Metrics;
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using S3Proxy.Telemetry.Latency;

namespace S3Proxy.Telemetry.Prometheus;

/// <summary>
/// Listens to the meters of the proxy, its server, its origin connections and the runtime from its construction on, and tells what it
/// heard on demand.
/// </summary>
/// <remarks>Thread-safe; scrapes take turns. Events before its construction are not counted, so it is made before the host starts.</remarks>
internal sealed class MetricsScraper : IDisposable
{
    /// <summary>Media type of <see cref="ScrapeAsync"/>.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>The meters that are listened to.</summary>
    public static IReadOnlyList<string> Meters { get; } = [ProxyMetrics.MeterName, "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http", "System.Runtime"];

    /// <summary>Gauges whose own names end like the counts of histograms, which Prometheus reserves.</summary>
    private static readonly FrozenDictionary<string, string> Renamed = new Dictionary<string, string>
    {
        ["dotnet.assembly.count"] = "dotnet.assemblies",
        ["dotnet.process.cpu.count"] = "dotnet.process.cpus",
        ["dotnet.timer.count"] = "dotnet.timers",
    }.ToFrozenDictionary();

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly PrometheusExporter _exporter;
    private readonly MeterProvider _provider;

    /// <summary>Starts to listen.</summary>
    /// <param name="meterFactory">Whose meters are meant; those of other factories, that is of other hosts in this process, are not.</param>
    /// <param name="latency">What is told beside what the meters count.</param>
    public MetricsScraper(IMeterFactory meterFactory, LatencyMetrics latency)
    {
        _exporter = new PrometheusExporter(latency);
        _provider = Sdk.CreateMeterProviderBuilder()
            .AddMeter([.. Meters])
            .AddView(instrument => ViewOf(instrument, meterFactory))
            .AddReader(new BaseExportingMetricReader(_exporter))
            .Build();
    }

    /// <summary>Everything counted so far, in UTF-8; null once disposal began.</summary>
    public async Task<byte[]?> ScrapeAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return _exporter.Scrape() is { } text ? Encoding.UTF8.GetBytes(text) : null;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Stops to listen. The semaphore has no handle to free, and a scrape that outlived the host may still hold it.</summary>
    public void Dispose() => _provider.Dispose();

    /// <summary>How an instrument is told: not at all when it belongs to another host of this process.</summary>
    public static MetricStreamConfiguration? ViewOf(Instrument instrument, IMeterFactory meterFactory)
    {
        // Meters of the runtime belong to nobody and are everybody's.
        if (instrument.Meter.Scope is IMeterFactory owner && !ReferenceEquals(owner, meterFactory))
        {
            return MetricStreamConfiguration.Drop;
        }

        return Renamed.TryGetValue(instrument.Name, out string? name) ? new MetricStreamConfiguration { Name = name } : null;
    }
}
