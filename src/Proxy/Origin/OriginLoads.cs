using System.Collections.Concurrent;
using S3Proxy.Configuration;
using S3Proxy.Telemetry;

namespace S3Proxy.Origin;

/// <summary>The load of each origin, made when it is first asked. Thread-safe; one for the whole process, bounded by the configuration.</summary>
internal sealed class OriginLoads(ProxyMetrics metrics, TimeProvider timeProvider)
{
    private readonly ConcurrentDictionary<string, Lazy<OriginLoad>> _loads = new(StringComparer.Ordinal);

    public OriginLoad Of(OriginConfiguration origin) => _loads.GetOrAdd(origin.Name, _ => new Lazy<OriginLoad>(() => Make(origin))).Value;

    private OriginLoad Make(OriginConfiguration origin)
    {
        OriginLoad load = new(origin, timeProvider);
        metrics.Watch(origin.Name, load.Slots);
        return load;
    }
}
