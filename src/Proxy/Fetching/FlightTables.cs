using S3Proxy.Caching;
using S3Proxy.Coalescing;

namespace S3Proxy.Fetching;

/// <summary>The flights of a replica: one table for objects, one for slices. A request that must not share gets tables of its own.</summary>
/// <param name="options">Grace, linger bounds and scheduler; slices have no grace of their own, their run has.</param>
/// <param name="timeProvider">The only clock used.</param>
/// <param name="objectObserver">Hears of objects' flights; null for nobody.</param>
/// <param name="sliceObserver">Hears of slices' flights; null for nobody.</param>
internal sealed class FlightTables(
    CoalescerOptions options,
    TimeProvider timeProvider,
    FlightObserver<ObjectFlightKey>? objectObserver = null,
    FlightObserver<SliceKey>? sliceObserver = null)
{
    public RequestCoalescer<ObjectFlightKey, ObjectAnswer> Objects { get; } = new(options, timeProvider, objectObserver);

    public RequestCoalescer<SliceKey, Run> Slices { get; } = new(options with { Grace = TimeSpan.Zero }, timeProvider, sliceObserver);

    /// <summary>Objects whose last answer could not be shared, and why: their reads do not wait for one another (requirement F8).</summary>
    public ObjectMarks<NotShareableReason> Uncacheable { get; } = new(timeProvider);

    /// <summary>Background refreshes.</summary>
    public RefreshSlots Refreshes { get; } = new();

    /// <summary>Flights that have not ended, of both kinds.</summary>
    public int InFlightCount => Objects.InFlightCount + Slices.InFlightCount;

    /// <summary>Lets later readers of an object start afresh. Who reads it now keeps the version it began with.</summary>
    public void Detach(ObjectId id)
    {
        Objects.Detach(new ObjectFlightKey(id, HeadersOnly: false));
        Objects.Detach(new ObjectFlightKey(id, HeadersOnly: true));
        Uncacheable.Remove(id);
    }
}
