using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace S3Proxy.Telemetry;

/// <summary>The metrics of this process: ours, Kestrel's, the HTTP client's and the runtime's. Thread-safe; one for the whole process.</summary>
internal sealed class MetricsEndpoint : IDisposable
{
    private readonly MeterProvider _provider;
    private readonly PrometheusExporter _exporter = new();

    /// <param name="state">Taken so that its instruments exist before the first scrape.</param>
    /// <param name="requests">Likewise.</param>
    public MetricsEndpoint(StateMetrics state, ProxyMetrics requests)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(requests);
        _provider = Sdk.CreateMeterProviderBuilder()
            .AddMeter(ProxyMetrics.MeterName, "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http", "System.Runtime")
            // Prometheus keeps the ending _count for histograms.
            .AddView("dotnet.process.cpu.count", "dotnet.process.cpus")
            .AddView("dotnet.thread_pool.thread.count", "dotnet.thread_pool.threads")
            .AddView("dotnet.assembly.count", "dotnet.assemblies")
            .AddView("dotnet.timer.count", "dotnet.timers")
            .AddReader(new BaseExportingMetricReader(_exporter))
            .Build();
    }

    /// <summary>Prometheus text; null when the metrics could not be collected in time.</summary>
    public string? Scrape() => _exporter.Scrape();

    public void Dispose()
    {
        _provider.Dispose();
        _exporter.Dispose();
    }
}
