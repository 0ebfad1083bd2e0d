using System.Diagnostics.Metrics;
using S3Proxy.Caching.Memory;
using S3Proxy.Fetching;

namespace S3Proxy.Telemetry;

/// <summary>What the proxy holds at the moment it is asked: flights and memory.</summary>
internal sealed class StateMetrics
{
    public StateMetrics(IMeterFactory factory, MemoryTier memory, FlightTables flights)
    {
        Meter meter = factory.Create(ProxyMetrics.MeterName);
        meter.CreateObservableGauge("s3proxy.flights", () => flights.InFlightCount, description: "Fetches under way.");
        meter.CreateObservableGauge("s3proxy.objects", () => memory.ObjectCount, description: "Objects whose metadata is in memory.");
        meter.CreateObservableGauge("s3proxy.slices", () => memory.SliceCount, description: "Slices in memory.");
        meter.CreateObservableCounter("s3proxy.evictions", () => memory.Evictions, description: "Entries that left memory for want of room.");
        meter.CreateObservableGauge("s3proxy.memory", () => Memory(memory), "By", "Memory of slices and metadata: used, reserved for transfers, and the budget of both.");
    }

    private static Measurement<long>[] Memory(MemoryTier memory) =>
    [
        new(memory.UsedBytes, new KeyValuePair<string, object?>("kind", "used")),
        new(memory.ReservedBytes, new KeyValuePair<string, object?>("kind", "reserved")),
        new(memory.BudgetBytes, new KeyValuePair<string, object?>("kind", "budget")),
    ];
}
