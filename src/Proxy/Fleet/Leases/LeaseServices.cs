using S3Proxy.Caching;
using S3Proxy.Caching.Memory;
using S3Proxy.Caching.Redis;
using S3Proxy.Coalescing.Batching;
using S3Proxy.Configuration;
using S3Proxy.Fetching;
using S3Proxy.Invalidation;
using S3Proxy.Telemetry;

namespace S3Proxy.Fleet.Leases;

/// <summary>Registers what this room offers: the fleet as fetches see it.</summary>
internal static class LeaseServices
{
    /// <summary>Needs Redis and the membership; without them nothing is registered, and fetches ask nobody.</summary>
    public static IServiceCollection AddLeases(this IServiceCollection services, ProxyConfiguration configuration, RedisConfiguration redis, SliceGeometry geometry)
    {
        services.AddSingleton(provider => new LeaseStore(
            provider.GetRequiredService<IRedis>(),
            provider.GetRequiredService<RedisKeys>(),
            provider.GetRequiredService<IFleetChannel>().Replica,
            redis.Ttl,
            BatchingOf(configuration.Batching),
            provider.GetRequiredService<LeaseMetrics>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<LeaseMetrics>();
        services.AddSingleton(provider => new SharedSlices(provider.GetRequiredService<RedisSlices>(), provider.GetRequiredService<SliceWriteBehind>(), geometry));
        services.AddSingleton(provider => new RunLeases(
            provider.GetRequiredService<LeaseStore>(),
            provider.GetRequiredService<IFleetChannel>(),
            provider.GetRequiredService<SharedSlices>(),
            configuration.Waking.Enabled,
            provider.GetRequiredService<TimeProvider>(),
            LoggerOf(provider)));
        services.AddSingleton<IFleet>(provider => new FleetReads(
            provider.GetRequiredService<IRedis>(),
            provider.GetRequiredService<RedisKeys>(),
            provider.GetRequiredService<LeaseStore>(),
            provider.GetRequiredService<RunLeases>(),
            provider.GetRequiredService<SharedSlices>(),
            provider.GetRequiredService<IFleetChannel>(),
            provider.GetRequiredService<IFleetHearing>(),
            provider.GetRequiredService<ObjectEpochs>(),
            provider.GetRequiredService<MemoryTier>(),
            geometry,
            configuration.Waking,
            provider.GetRequiredService<LeaseMetrics>(),
            provider.GetRequiredService<TimeProvider>(),
            LoggerOf(provider)));
        return services;
    }

    private static ILogger LoggerOf(IServiceProvider provider) => provider.GetRequiredService<ILoggerFactory>().CreateLogger("S3Proxy.Fleet");

    private static BatcherOptions BatchingOf(BatchingConfiguration batching) => new()
    {
        IsEnabled = batching.Enabled,
        MaxBatchSize = batching.MaxBatchSize,
        MaxBatchItems = batching.MaxBatchItems,
        BatchWindow = batching.BatchWindow,
    };
}
