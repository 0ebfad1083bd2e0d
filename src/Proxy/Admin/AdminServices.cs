using S3Proxy.Caching.Redis;
using S3Proxy.Events;
using S3Proxy.Fetching;

namespace S3Proxy.Admin;

/// <summary>Registers what this room offers.</summary>
internal static class AdminServices
{
    public static IServiceCollection AddAdmin(this IServiceCollection services)
    {
        services.AddSingleton<ReadinessState>();
        services.AddSingleton<UsageDocument>();
        services.AddSingleton<PurgeRequestHandler>();
        services.AddSingleton(provider => new ReloadRequestHandler(provider.GetService<Reloading.Reloader>()));
        services.AddSingleton(provider => new ObjectExplanation(
            provider.GetRequiredService<FetchServices>(), provider.GetRequiredService<FlightTables>(), provider.GetService<IRedis>(), provider.GetService<RedisKeys>()));
        services.AddSingleton<ExplainRequestHandler>();
        services.AddSingleton<HandledEvents>();
        services.AddSingleton<ITopicConfirmation, TopicConfirmation>();
        services.AddSingleton<EventIntake>();
        services.AddSingleton<EventRequestHandler>();
        services.AddSingleton<AdminRequestHandler>();
        return services;
    }
}
