using S3Proxy.Configuration;
using S3Proxy.Invalidation;
using S3Proxy.Routing;

namespace S3Proxy.Admin;

/// <summary>Registers what this room offers.</summary>
internal static class AdminServices
{
    public static IServiceCollection AddAdmin(this IServiceCollection services, ListenConfiguration listen)
    {
        services.AddSingleton(new AdminAccess(listen.AdminToken));
        services.AddSingleton<ReadinessState>();
        services.AddSingleton<UsageDocument>();
        services.AddSingleton(provider => new PurgeRequestHandler(
            provider.GetRequiredService<BucketRouter>(), provider.GetRequiredService<ProxyConfiguration>().Auth.Mode, provider.GetRequiredService<CachePurge>()));
        services.AddSingleton<AdminRequestHandler>();
        return services;
    }
}
