using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using S3Proxy.Caching;
using S3Proxy.Caching.Memory;
using S3Proxy.Coalescing;
using S3Proxy.Coalescing.Statistics;
using S3Proxy.Configuration;
using S3Proxy.Fetching;
using S3Proxy.Telemetry;
using S3Proxy.Telemetry.Prometheus;

namespace S3Proxy.Tests.Telemetry;

/// <summary>The metrics of one host, listened to by a scraper.</summary>
internal sealed class MetricsBench : IDisposable
{
    public const long BudgetBytes = 16L << 20;

    private readonly ServiceProvider _services;

    public MetricsBench()
    {
        ServiceCollection services = new();
        services.AddSingleton(new FlightTables(new CoalescerOptions(), TimeProvider.System));
        services.AddSingleton(_ => new MemoryTier(new PagePool(BudgetBytes), new AdmissionFifoPolicy()));
        services.AddSingleton(TimeProvider.System);
        services.AddTelemetry(new TelemetryConfiguration(), new AccessLogConfiguration());
        _services = services.BuildServiceProvider();
        Scraper = _services.GetRequiredService<MetricsScraper>();
        Metrics = _services.GetRequiredService<ProxyMetrics>();
    }

    public MetricsScraper Scraper { get; }

    public ProxyMetrics Metrics { get; }

    public UsageStatistics<ObjectId, UsageTenant> Usage => _services.GetRequiredService<UsageStatistics<ObjectId, UsageTenant>>();

    public MemoryTier Memory => _services.GetRequiredService<MemoryTier>();

    public FlightTables Flights => _services.GetRequiredService<FlightTables>();

    public IMeterFactory MeterFactory => _services.GetRequiredService<IMeterFactory>();

    /// <summary>The lines of a scrape.</summary>
    public async Task<string[]> ScrapeAsync()
    {
        byte[]? text = await Scraper.ScrapeAsync(CancellationToken.None);
        Assert.NotNull(text);
        return Encoding.UTF8.GetString(text).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    public void Dispose() => _services.Dispose();
}
