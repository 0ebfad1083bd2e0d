using S3Proxy.Configuration;
using S3Proxy.Telemetry;

namespace S3Proxy.Caching.Redis;

/// <summary>Registers what this room offers.</summary>
internal static class RedisServices
{
    /// <summary>Only where Redis is configured: whoever works without asks for an optional <see cref="IRedis"/>.</summary>
    public static IServiceCollection AddRedis(this IServiceCollection services, RedisConfiguration configuration)
    {
        services.AddSingleton(configuration);
        services.AddSingleton(new RedisKeys(configuration.Namespace, configuration.Cluster));
        services.AddSingleton<RedisMetrics>();
        services.AddSingleton(provider => new RedisConnections(
            configuration,
            provider.GetRequiredService<RedisMetrics>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>().CreateLogger("S3Proxy.Redis")));
        services.AddSingleton<IRedis>(provider => provider.GetRequiredService<RedisConnections>());
        services.AddSingleton<RedisSlices>();
        services.AddSingleton<SliceWriteBehind>();
        return services;
    }
}
