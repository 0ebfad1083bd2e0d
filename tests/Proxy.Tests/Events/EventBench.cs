using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using S3Proxy.Admin;
using S3Proxy.Caching.Memory;
using S3Proxy.Events;
using S3Proxy.Fetching;
using S3Proxy.Invalidation;
using S3Proxy.Reloading;
using S3Proxy.Telemetry;
using S3Proxy.Tests.Configuration;

namespace S3Proxy.Tests.Events;

/// <summary>What takes events in, for one replica that confirms nothing in earnest.</summary>
internal sealed class EventBench : ITopicConfirmation
{
    public EventBench(MemoryTier memory, FlightTables flights, IMeterFactory meters)
    {
        Intake = new EventIntake(
            new CachePurge(new OriginsInForce(Configurations.Valid(Configurations.Least)), new LocalPurge(new ObjectEpochs(memory, TimeProvider.System), flights, memory), memory, fleet: null, shared: null, channel: null),
            new HandledEvents(), this, new EventMetrics(meters), NullLogger<EventIntake>.Instance);
    }

    /// <summary>What was asked for.</summary>
    public List<Uri> Confirmed { get; } = [];

    public EventIntake Intake { get; }

    public EventRequestHandler Handler(CurrentSnapshot current) => new(current, Intake);

    public Task<bool> ConfirmAsync(Uri url, CancellationToken cancellationToken)
    {
        Confirmed.Add(url);
        return Task.FromResult(true);
    }
}
