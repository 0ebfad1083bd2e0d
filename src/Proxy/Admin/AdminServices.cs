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
        services.AddSingleton<AdminRequestHandler>();
        return services;
    }
}
