using S3Proxy.Caching.Redis;
using S3Proxy.Configuration;
using S3Proxy.Fetching;
using S3Proxy.Telemetry;

namespace S3Proxy.Fleet;

internal static class TempFleetServices
{
    public static IServiceCollection AddTempFleet(this IServiceCollection services, RedisConfiguration redis)
    {
        services.AddSingleton(new FleetOptions { Lease = redis.Lease });
        services.AddSingleton<FleetMetrics>();
        services.AddSingleton<FleetChannel>();
        services.AddSingleton<IFleetChannel>(p => p.GetRequiredService<FleetChannel>());
        services.AddSingleton<MemberRecords>();
        services.AddSingleton(p => new FleetMembership(p.GetRequiredService<IRedis>(), p.GetRequiredService<FleetChannel>(), p.GetRequiredService<MemberRecords>(), p.GetRequiredService<FleetOptions>(),
            static () => { }, p.GetRequiredService<TimeProvider>(), p.GetRequiredService<FleetMetrics>(), p.GetRequiredService<ILogger<FleetMembership>>()));
        services.AddSingleton<IFleetHearing>(p => p.GetRequiredService<FleetMembership>());
        services.AddHostedService<Starter>();
        return services;
    }

    private sealed class Starter(FleetMembership membership, IFleet fleet) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) 
        {
            _ = fleet;
            return membership.StartAsync(cancellationToken);
        }

        public Task StopAsync(CancellationToken cancellationToken) => membership.StopAsync(cancellationToken);
    }
}
