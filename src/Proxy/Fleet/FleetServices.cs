using S3Proxy.Configuration;
using S3Proxy.Invalidation;
using S3Proxy.Telemetry;

namespace S3Proxy.Fleet;

/// <summary>Registers what this room offers: channel, membership and invalidations.</summary>
internal static class FleetServices
{
    /// <summary>Only where Redis is configured.</summary>
    public static IServiceCollection AddFleet(this IServiceCollection services, RedisConfiguration redis)
    {
        services.AddSingleton(new FleetOptions { Lease = redis.Lease });
        services.AddSingleton<FleetMetrics>();
        services.AddSingleton<FleetChannel>();
        services.AddSingleton<IFleetChannel>(provider => provider.GetRequiredService<FleetChannel>());
        services.AddSingleton<MemberRecords>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<ObjectRecords>(provider, provider.GetRequiredService<FleetChannel>().Replica));
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<FleetMembership>(provider, (Action)provider.GetRequiredService<LocalPurge>().StartAfresh));
        services.AddSingleton<IFleetHearing>(provider => provider.GetRequiredService<FleetMembership>());
        services.AddSingleton<FleetAnnouncements>();
        services.AddSingleton<FleetInvalidation>();
        services.AddSingleton<FleetListener>();
        services.AddHostedService(provider =>
        {
            // Whoever joins is told, and must heed it from then on.
            provider.GetRequiredService<FleetListener>();
            return provider.GetRequiredService<FleetMembership>();
        });
        return services;
    }
}
