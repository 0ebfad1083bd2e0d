using S3Proxy.Telemetry;

namespace S3Proxy.Reloading;

/// <summary>Registers what this room offers.</summary>
internal static class ReloadingServices
{
    /// <summary>Without a file nothing can be reloaded.</summary>
    public static IServiceCollection AddReloading(this IServiceCollection services, ConfigurationFile? file)
    {
        services.AddSingleton<ReloadMetrics>();
        if (file is not null)
        {
            services.AddSingleton(file);
            services.AddSingleton<Reloader>();
            services.AddHostedService<ConfigurationWatch>();
        }

        return services;
    }
}
