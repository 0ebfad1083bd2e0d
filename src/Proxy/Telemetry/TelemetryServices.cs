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
        return services;
    }
}
