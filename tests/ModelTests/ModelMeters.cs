using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using S3Proxy.Caching;
using S3Proxy.Caching.Memory;
using S3Proxy.Coalescing;
using S3Proxy.Coalescing.Statistics;
using S3Proxy.Fetching;
using S3Proxy.Telemetry;

namespace S3Proxy.ModelTests;

/// <summary>Metrics that nobody reads, made once for many worlds. Thread-safe.</summary>
internal sealed class ModelMeters : IDisposable
{
    private const long BudgetBytes = 1 << 20;
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MemoryTier _memory = new(new PagePool(BudgetBytes), new AdmissionFifoPolicy());

    public ModelMeters() =>
        Metrics = new ProxyMetrics(_services.GetRequiredService<IMeterFactory>(), _memory, new FlightTables(new CoalescerOptions(), TimeProvider.System));

    public ProxyMetrics Metrics { get; }

    public UsageStatistics<ObjectId, UsageTenant> Usage { get; } = new(new UsageStatisticsOptions(), TimeProvider.System);

    public void Dispose()
    {
        _memory.Dispose();
        _services.Dispose();
    }
}
