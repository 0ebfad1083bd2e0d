using S3Proxy.Caching;
using S3Proxy.Coalescing.Statistics;
using S3Proxy.Telemetry.Prometheus;

namespace S3Proxy.Telemetry;

/// <summary>Registers what this room offers.</summary>
internal static class TelemetryServices
{
    public static IServiceCollection AddTelemetry(this IServiceCollection services)
    {
        services.AddMetrics();
        services.AddSingleton<ProxyMetrics>();
        services.AddSingleton<MetricsScraper>();
        services.AddSingleton(provider => new UsageStatistics<ObjectId, UsageTenant>(new UsageStatisticsOptions(), provider.GetRequiredService<TimeProvider>()));
        return services;
    }
}
