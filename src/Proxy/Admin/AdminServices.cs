using S3Proxy.Caching.Redis;
using S3Proxy.Configuration;
using S3Proxy.Events;
using S3Proxy.Fetching;
using S3Proxy.Reloading;
using S3Proxy.Telemetry.Prometheus;
using S3Proxy.Warming;

namespace S3Proxy.Admin;

/// <summary>Registers what this room offers, and lists the paths of the admin port: the only place that does.</summary>
internal static class AdminServices
{
    public static IServiceCollection AddAdmin(this IServiceCollection services)
    {
        services.AddSingleton<ReadinessState>();
        services.AddSingleton<UsageDocument>();
        services.AddSingleton<PurgeRequestHandler>();
        services.AddSingleton(provider => new ReloadRequestHandler(provider.GetService<Reloader>()));
        services.AddSingleton(provider => new ObjectExplanation(
            provider.GetRequiredService<FetchServices>(), provider.GetRequiredService<FlightTables>(), provider.GetService<IRedis>(), provider.GetService<RedisKeys>()));
        services.AddSingleton<ExplainRequestHandler>();
        services.AddSingleton<HandledEvents>();
        services.AddSingleton<ITopicConfirmation, TopicConfirmation>();
        services.AddSingleton<EventIntake>();
        services.AddSingleton<EventRequestHandler>();
        services.AddSingleton<OverviewDocument>();
        services.AddSingleton<FlightsDocument>();
        services.AddSingleton<WarmHandler>();
        services.AddSingleton(provider => new AdminRequestHandler(provider.GetRequiredService<CurrentSnapshot>(), RoutesOf(provider)));
        return services;
    }

    private static AdminRoute[] RoutesOf(IServiceProvider services) =>
    [
        .. PageHandler.Routes(),
        new("/healthz", AdminAudience.Probes, AdminRoute.Read, new HealthHandler()),
        new("/readyz", AdminAudience.Probes, AdminRoute.Read, new ReadinessHandler(services.GetRequiredService<ReadinessState>())),
        new("/metrics", AdminAudience.Operators, AdminRoute.Read, new MetricsHandler(services.GetRequiredService<MetricsScraper>())),
        new("/admin/stats", AdminAudience.Operators, AdminRoute.Read, new UsageHandler(services.GetRequiredService<UsageDocument>())),
        new("/admin/explain", AdminAudience.Operators, AdminRoute.Read, services.GetRequiredService<ExplainRequestHandler>()),
        new("/admin/overview", AdminAudience.Operators, AdminRoute.Read, new OverviewHandler(services.GetRequiredService<MetricsScraper>(), services.GetRequiredService<OverviewDocument>())),
        new("/admin/flights", AdminAudience.Operators, AdminRoute.Read, new FlightsHandler(services.GetRequiredService<FlightsDocument>())),
        new("/admin/config", AdminAudience.Operators, AdminRoute.Read, new ConfigurationHandler(services.GetRequiredService<CurrentSnapshot>())),
        new("/admin/warm", AdminAudience.Operators, "GET, HEAD, POST", services.GetRequiredService<WarmHandler>()),
        new("/admin/warm/", AdminAudience.Operators, "GET, HEAD, DELETE", new WarmJobHandler(services.GetRequiredService<WarmJobs>())),
        new("/admin/purge", AdminAudience.Operators, "POST", services.GetRequiredService<PurgeRequestHandler>()),
        new("/admin/reload", AdminAudience.Operators, "POST", services.GetRequiredService<ReloadRequestHandler>()),
        new(EventsConfiguration.DefaultPath, AdminAudience.Senders, "POST", services.GetRequiredService<EventRequestHandler>()),
    ];
}
