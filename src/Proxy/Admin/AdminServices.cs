using S3Proxy.Configuration;

namespace S3Proxy.Admin;

/// <summary>Registers what this room offers.</summary>
internal static class AdminServices
{
    public static IServiceCollection AddAdmin(this IServiceCollection services, ListenConfiguration listen)
    {
        services.AddSingleton(new AdminAccess(listen.AdminToken));
        services.AddSingleton<ReadinessState>();
        services.AddSingleton<UsageDocument>();
        services.AddSingleton<AdminRequestHandler>();
        return services;
    }
}
