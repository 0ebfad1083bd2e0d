using S3Proxy.Admin;
using S3Proxy.Auth;
using S3Proxy.Caching;
using S3Proxy.Caching.Memory;
using S3Proxy.Caching.Redis;
using S3Proxy.Coalescing;
using S3Proxy.Configuration;
using S3Proxy.Draining;
using S3Proxy.FastPath;
using S3Proxy.Fetching;
using S3Proxy.Fleet;
using S3Proxy.Fleet.Leases;
using S3Proxy.Forwarding;
using S3Proxy.Invalidation;
using S3Proxy.Limiting;
using S3Proxy.Native;
using S3Proxy.Origin;
using S3Proxy.Origin.Signing;
using S3Proxy.Reloading;
using S3Proxy.Responding;
using S3Proxy.Telemetry;
using S3Proxy.Warming;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;

namespace S3Proxy.Pipeline;

/// <summary>Registers the rooms with one another.</summary>
internal static class ProxyServices
{
    public static IServiceCollection AddProxy(this IServiceCollection services, ProxyConfiguration configuration, ConfigurationFile? file, TimeProvider timeProvider)
    {
        services.AddSingleton(new CurrentSnapshot(configuration));
        services.AddSingleton(timeProvider);
        services.AddCaching(configuration);
        services.AddFetching(configuration);
        services.AddOrigins(configuration);
        services.AddSingleton<SigV4Authenticator>();
        services.AddSingleton<ObjectRefreshes>();
        services.AddSingleton(provider => new AcceptedRequests(
            configuration.Auth.AuthorisationTtl, provider.GetRequiredService<ObjectEpochs>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<MetadataFinder>();
        services.AddSingleton<ObjectResponder>();
        services.AddSingleton<ForwardedAnswers>();
        services.AddSingleton<ForwardingStage>();
        services.AddSingleton<RequestLimits>();
        services.AddSingleton<DataPipeline>();
        services.AddSingleton<IInstantPipeline>(provider => provider.GetRequiredService<DataPipeline>());
        services.AddTelemetry(configuration.Telemetry, configuration.AccessLog);
        if (configuration.Cache.Redis is { } redis)
        {
            services.AddRedis(redis);
            services.AddFleet(redis);
            services.AddLeases(configuration, redis, new SliceGeometry(configuration.Cache.SliceSizeBytes));
        }

        services.AddReloading(file);
        services.AddSingleton<DrainLifetime>();
        services.AddSingleton<IHostLifetime>(provider => provider.GetRequiredService<DrainLifetime>());
        services.AddWarming();
        services.AddAdmin();
        return services;
    }

    private static void AddCaching(this IServiceCollection services, ProxyConfiguration configuration)
    {
        services.AddSingleton(provider => NewPagePool(configuration, provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton<IEvictionPolicy, AdmissionFifoPolicy>();
        services.AddSingleton(provider =>
        {
            MemoryTier memory = new(provider.GetRequiredService<PagePool>(), provider.GetRequiredService<IEvictionPolicy>());
            memory.SetQuotas(MemoryQuota.Of(configuration));
            return memory;
        });
        services.AddSingleton<ObjectEpochs>();
        services.AddSingleton<LocalPurge>();
        services.AddSingleton(new OriginsInForce(configuration));
        services.AddSingleton(provider => new WritesElsewhere(provider.GetRequiredService<OriginsInForce>(), provider.GetRequiredService<LocalPurge>(), provider.GetService<FleetInvalidation>()));
        services.AddSingleton(provider => new CachePurge(
            provider.GetRequiredService<OriginsInForce>(), provider.GetRequiredService<LocalPurge>(), provider.GetRequiredService<MemoryTier>(), provider.GetService<FleetInvalidation>(), provider.GetService<IFleet>(), provider.GetService<IFleetChannel>()));
        services.AddSingleton(provider => new WriteTracker(provider.GetRequiredService<ObjectEpochs>(), provider.GetRequiredService<FlightTables>())
        {
            Fleet = provider.GetService<FleetInvalidation>(),
            Elsewhere = provider.GetRequiredService<WritesElsewhere>(),
        });
    }

    private static PagePool NewPagePool(ProxyConfiguration configuration, ILoggerFactory loggers)
    {
        long budgetBytes = configuration.Cache.MemorySizeBytes;
        if (!configuration.Listen.ZeroCopy || !MemoryFile.IsSupported)
        {
            return new PagePool(budgetBytes);
        }

        MemoryFile? file = MemoryFile.TryCreate(PagePool.FileBytesFor(budgetBytes), out int error);
        if (file is null)
        {
            Log.NoMemoryFile(loggers.CreateLogger("S3Proxy.Caching"), error);
        }

        return new PagePool(budgetBytes, file, configuration.Listen.ZeroCopyPolicy.CopiedFirst);
    }

    private static void AddFetching(this IServiceCollection services, ProxyConfiguration configuration)
    {
        CoalescerOptions coalescer = new() { Grace = configuration.Coalescing.Grace, MaxLingering = FetchOptions.MaxLingeringAnswers };
        services.AddSingleton(provider => new FlightTables(
            coalescer, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<FetchMetrics>().Objects(), provider.GetRequiredService<FetchMetrics>().Slices()));
        services.AddSingleton(provider => new ReadPolicy(
            provider.GetRequiredService<FlightTables>(), () => new FlightTables(coalescer, provider.GetRequiredService<TimeProvider>()) { IsShared = false }));
        SliceGeometry geometry = new(configuration.Cache.SliceSizeBytes);
        services.AddSingleton(provider => new FetchServices
        {
            Memory = provider.GetRequiredService<MemoryTier>(),
            Epochs = provider.GetRequiredService<ObjectEpochs>(),
            Origin = provider.GetRequiredService<IOriginReader>(),
            Geometry = geometry,
            Hearing = configuration.Cache.Redis is { FailOpen: true } ? null : provider.GetService<IFleetHearing>(),
            Sequences = new SequentialReads(geometry, configuration.Cache.MaxReadAheadBytes),
            TimeProvider = provider.GetRequiredService<TimeProvider>(),
            Fleet = provider.GetService<IFleet>(),
            Options = OptionsOf(configuration),
            Metrics = provider.GetRequiredService<FetchMetrics>(),
            Logger = provider.GetRequiredService<ILoggerFactory>().CreateLogger("S3Proxy.Fetching"),
        });
    }

    private static FetchOptions OptionsOf(ProxyConfiguration configuration) => new()
    {
        ReadAheadSlices = configuration.Cache.ReadAheadSlices,
        ClaimSlices = Math.Max(configuration.Cache.ReadAheadSlices + 1, (int)(FetchPlan.MaxRangedRunBytes / configuration.Cache.SliceSizeBytes)),
        MaxReadAheadBytes = configuration.Cache.MaxReadAheadBytes,
        ParallelRuns = configuration.Cache.ParallelRuns,
        ParallelRunBytes = configuration.Cache.ParallelRunBytes,
        NearlyDoneBytes = configuration.Cache.SliceSizeBytes,
        Grace = configuration.Coalescing.Grace,
        ErrorLinger = configuration.Coalescing.ErrorLinger,
        UncacheableTtl = configuration.Coalescing.UncacheableTtl,
        ReleaseBatch = configuration.Coalescing.ReleaseBatch,
    };

    private static void AddOrigins(this IServiceCollection services, ProxyConfiguration configuration)
    {
        services.AddSingleton<IForwarderHttpClientFactory, OriginHttpClientFactory>();
        services.AddSingleton<DestinationReports>();
        services.AddSingleton<IPassiveHealthCheckPolicy, TransportFailurePolicy>();
        services.AddSingleton<OriginSigning>();
        services.AddSingleton<OriginPlaces>();
        services.AddSingleton<AppliedRoutes>();
        services.AddSingleton<IConfigChangeListener>(provider => provider.GetRequiredService<AppliedRoutes>());
        services.AddSingleton<OriginRouting>();
        services.AddSingleton<OriginLoads>();
        services.AddSingleton<EndpointSender>();
        services.AddSingleton<EndpointBreakers>();
        services.AddSingleton<IOriginReader, OriginReader>();
        services.AddReverseProxy()
            .LoadFromMemory(OriginClusters.Routes(configuration), OriginClusters.Clusters(configuration))
            .AddTransforms<ForwardingTransforms>();
    }
}
