using S3Proxy.Configuration;
using S3Proxy.Telemetry;

namespace S3Proxy.Origin;

/// <summary>The load of each origin, made when it is first asked. One whose limits or place change begins anew. Thread-safe; one for the whole process, bounded by the configuration.</summary>
internal sealed class OriginLoads
{
    private readonly PerOrigin<(string Place, OriginConcurrency Concurrency, OriginRetry Retry, OriginHedging Hedging), OriginLoad> _loads;
    private readonly ProxyMetrics _metrics;

    public OriginLoads(ProxyMetrics metrics, TimeProvider timeProvider)
    {
        _metrics = metrics;
        _loads = new(
            static origin => (OriginClusters.IdOf(origin), origin.Concurrency, origin.Retry, origin.Hedging),
            origin =>
            {
                OriginLoad load = new(origin, timeProvider);
                metrics.Watch(origin.Name, load.Slots);
                return load;
            });
    }

    /// <summary>The load of an origin of any configuration that is still in use.</summary>
    public OriginLoad Of(OriginConfiguration origin) => _loads.Of(origin);

    /// <summary>Forgets origins that are not configured any more.</summary>
    public void Retain(IReadOnlyDictionary<string, OriginConfiguration> origins)
    {
        foreach (string gone in _loads.Retain(origins))
        {
            _metrics.Unwatch(gone);
        }
    }
}
