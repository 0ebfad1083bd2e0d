namespace S3Proxy.Warming;

/// <summary>Registers what this room offers.</summary>
internal static class WarmingServices
{
    public static IServiceCollection AddWarming(this IServiceCollection services) => services.AddSingleton<WarmJobs>();
}
