using System.Diagnostics.Metrics;
using S3Proxy.Events;

namespace S3Proxy.Telemetry;

/// <summary>What origins tell by events. Thread-safe; the meter belongs to the factory.</summary>
internal sealed class EventMetrics(IMeterFactory meterFactory)
{
    private readonly Counter<long> _events = meterFactory.Create(ProxyMetrics.MeterName).CreateCounter<long>("s3proxy.events", "{event}", "Events that origins posted, by their form and by what became of them.");

    /// <summary>An event came.</summary>
    public void Received(EventSender sender, EventResult result) =>
        _events.Add(1, new KeyValuePair<string, object?>("source", sender.ToString().ToLowerInvariant()), new("result", result.ToString().ToLowerInvariant()));
}
