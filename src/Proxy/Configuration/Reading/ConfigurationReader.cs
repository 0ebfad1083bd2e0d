using System.Collections.Frozen;
using S3Proxy.Configuration.Yaml;

namespace S3Proxy.Configuration.Reading;

/// <summary>Makes the configuration from a tree whose keys and values have been checked one by one, and checks what they must fulfil together.</summary>
internal static class ConfigurationReader
{
    /// <summary>The configuration; without meaning when errors were added to the context.</summary>
    public static ProxyConfiguration Read(YamlMapping root, ReadingContext context)
    {
        Section section = Section.Root(context, root);
        CacheConfiguration cache = CacheSection.Read(section.Child("cache"));
        CoalescingConfiguration coalescing = ReadCoalescing(section.Child("coalescing"));
        AuthConfiguration auth = AuthSection.Read(section.Child("auth"));
        FrozenDictionary<string, OriginConfiguration> origins = OriginSection.ReadAll(section.Child("origins"), auth.Mode == AuthMode.Passthrough);
        BucketSection buckets = new(origins, cache, coalescing.Mode, auth.Mode == AuthMode.Passthrough);
        (FrozenDictionary<string, BucketConfiguration> named, BucketConfiguration? byDefault) = buckets.ReadAll(section.Child("buckets"));
        return new ProxyConfiguration
        {
            Listen = ListenSection.Read(section.Child("listen")),
            Origins = origins,
            Buckets = named,
            DefaultBucket = byDefault,
            Auth = auth,
            Cache = cache,
            Coalescing = coalescing,
            Waking = ReadWaking(section.Child("waking")),
            Batching = ReadBatching(section.Child("batching")),
            Limits = LimitsSection.Read(section.Child("limits"), auth.Mode),
            Events = EventsSection.Read(section.Child("events")),
            ReloadInterval = section.Child("reload").Duration("interval"),
            Drain = ReadDrain(section.Child("drain")),
            Telemetry = TelemetrySection.Read(section.Child("telemetry")),
            Log = LogSection.Read(section.Child("log")),
            AccessLog = LogSection.ReadAccess(section.Child("accessLog")),
        };
    }

    private static CoalescingConfiguration ReadCoalescing(Section section) => new()
    {
        Mode = section.Choice<CoalescingMode>("mode"),
        Grace = section.Duration("grace"),
        ErrorLinger = section.Duration("errorLinger"),
        UncacheableTtl = section.Duration("uncacheableTtl"),
        ReleaseBatch = section.Integer("releaseBatch"),
    };

    private static WakingConfiguration ReadWaking(Section section) => new()
    {
        Enabled = section.Flag("enabled"),
        FallbackInterval = section.Duration("fallbackInterval"),
        MaxWait = section.Duration("maxWait"),
    };

    private static DrainConfiguration ReadDrain(Section section) => new()
    {
        ReadinessDelay = section.Duration("readinessDelay"),
        Timeout = section.Duration("timeout"),
    };

    private static BatchingConfiguration ReadBatching(Section section)
    {
        int size = section.Integer("maxBatchSize");
        int items = section.Integer("maxBatchItems");
        if (items < size)
        {
            section.Refuse("maxBatchItems", $"must be at least batching.maxBatchSize, that is {size}");
        }

        return new BatchingConfiguration { Enabled = section.Flag("enabled"), MaxBatchSize = size, MaxBatchItems = items, BatchWindow = section.Duration("batchWindow") };
    }
}
