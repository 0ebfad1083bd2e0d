using System.Diagnostics.Metrics;
using S3Proxy.Caching;
using S3Proxy.Coalescing.Statistics;
using S3Proxy.Configuration;
using S3Proxy.Telemetry.AccessLogs;
using S3Proxy.Telemetry.Latency;
using S3Proxy.Telemetry.Otlp;
using S3Proxy.Telemetry.Prometheus;
using S3Proxy.Telemetry.Requests;
using S3Proxy.Telemetry.Tracing;

namespace S3Proxy.Telemetry;

/// <summary>Registers what this room offers.</summary>
internal static class TelemetryServices
{
    public static IServiceCollection AddTelemetry(this IServiceCollection services, TelemetryConfiguration configuration, AccessLogConfiguration accessLog)
    {
        services.AddMetrics();
        services.AddSingleton<ProxyMetrics>();
        services.AddSingleton(provider => provider.GetRequiredService<ProxyMetrics>().Latency);
        services.AddSingleton<FetchMetrics>();
        services.AddSingleton<LimitMetrics>();
        services.AddSingleton<EventMetrics>();
        services.AddSingleton<MetricsScraper>();
        services.AddSingleton(provider => new UsageStatistics<ObjectId, UsageTenant>(
            new UsageStatisticsOptions { MaxTenants = configuration.MaxTenants }, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new SavingsMetrics(
            provider.GetRequiredService<IMeterFactory>(), provider.GetRequiredService<UsageStatistics<ObjectId, UsageTenant>>(), configuration.Prices));
        if (accessLog.Format != AccessLogFormat.Off)
        {
            services.AddSingleton(provider => new AccessLog(
                accessLog, provider.GetRequiredService<IMeterFactory>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<AccessLog>>()));
            services.AddSingleton<IAccessLogReopen>(provider => provider.GetRequiredService<AccessLog>());
        }

        if (configuration.Otlp is { Traces: true } traced)
        {
            services.AddSingleton(_ => new RequestTracing(traced.ObjectKeys));
        }

        if (configuration.Otlp is { } otlp)
        {
            services.AddSingleton(provider => new OtlpExport(otlp, provider.GetRequiredService<IMeterFactory>(), provider.GetRequiredService<LatencyMetrics>()));
        }

        services.AddSingleton(provider => new RequestTelemetry(
            provider.GetRequiredService<ProxyMetrics>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetService<AccessLog>(), provider.GetService<RequestTracing>()));
        return services;
    }

    /// <summary>Makes what only listens, before there is anything to hear.</summary>
    public static void StartTelemetry(this IServiceProvider services)
    {
        _ = services.GetRequiredService<SavingsMetrics>();
        _ = services.GetService<OtlpExport>();
    }
}
