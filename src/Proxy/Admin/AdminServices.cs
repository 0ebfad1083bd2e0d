namespace S3Proxy.Admin;

/// <summary>Registers what this room offers.</summary>
internal static class AdminServices
{
    public static IServiceCollection AddAdmin(this IServiceCollection services)
    {
        services.AddSingleton(new AdminAccess(token: null));
        services.AddSingleton<ReadinessState>();
        services.AddSingleton<AdminRequestHandler>();
        return services;
    }
}
