using S3Proxy.Caching;
using S3Proxy.Coalescing;
using S3Proxy.Invalidation;

namespace S3Proxy.Fetching;

/// <summary>The flights of a replica: one table for objects, one for slices. A request that must not share gets tables of its own.</summary>
internal sealed class FlightTables
{
    private readonly CoalescerOptions _options;
    private readonly TimeProvider _timeProvider;

    /// <param name="options">Grace, linger bounds and scheduler; slices have no grace of their own, their run has.</param>
    /// <param name="timeProvider">The only clock used.</param>
    /// <param name="objectObserver">Hears of objects' flights; null for nobody.</param>
    /// <param name="sliceObserver">Hears of slices' flights; null for nobody.</param>
    public FlightTables(
        CoalescerOptions options,
        TimeProvider timeProvider,
        FlightObserver<ObjectFlightKey>? objectObserver = null,
        FlightObserver<SliceKey>? sliceObserver = null)
    {
        _options = options;
        _timeProvider = timeProvider;
        Objects = new(options, timeProvider, objectObserver);
        Slices = new(options with { Grace = TimeSpan.Zero }, timeProvider, sliceObserver);
        Uncacheable = new(timeProvider);
        Refreshes = new();
    }

    private FlightTables(FlightTables shared)
    {
        _options = shared._options;
        _timeProvider = shared._timeProvider;
        Objects = new(_options, _timeProvider);
        Slices = shared.Slices;
        Uncacheable = shared.Uncacheable;
        Refreshes = shared.Refreshes;
        IsShared = shared.IsShared;
    }

    public RequestCoalescer<ObjectFlightKey, ObjectAnswer> Objects { get; }

    public RequestCoalescer<SliceKey, Run> Slices { get; }

    /// <summary>Objects whose last answer could not be shared, and why: their reads do not wait for one another (requirement F8).</summary>
    public ExpiringMarks<ObjectId, NotShareableReason> Uncacheable { get; }

    /// <summary>Background refreshes.</summary>
    public RefreshSlots Refreshes { get; }

    /// <summary>False for tables of one request that shares with nobody, other replicas neither.</summary>
    public bool IsShared { get; init; } = true;

    /// <summary>Flights that have not ended, of both kinds.</summary>
    public int InFlightCount => Objects.InFlightCount + Slices.InFlightCount;

    /// <summary>Tables in which a request asks about an object by itself, and shares the bytes all the same.</summary>
    public FlightTables WithOwnObjects() => new(this);

    /// <summary>As <see cref="Detach(ObjectId)"/>, for every object of a bucket. Marks stay: they cost requests, and tell nothing.</summary>
    public void Detach(BucketId bucket) => Objects.Detach(key => bucket.Holds(key.Id));

    /// <summary>As <see cref="Detach(BucketId)"/>, for every object of a scope.</summary>
    public void Detach(CacheScope scope) => Objects.Detach(key => scope.Holds(key.Id));

    /// <summary>Lets later readers of an object start afresh. Who reads it now keeps the version it began with.</summary>
    public void Detach(ObjectId id)
    {
        Objects.Detach(new ObjectFlightKey(id, HeadersOnly: false));
        Objects.Detach(new ObjectFlightKey(id, HeadersOnly: true));
        Uncacheable.Remove(id);
    }
}
