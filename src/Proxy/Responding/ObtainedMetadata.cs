using S3Proxy.Caching;
using S3Proxy.Coalescing;
using S3Proxy.Fetching;

namespace S3Proxy.Responding;

/// <summary>
/// What asking for an object's metadata came to: metadata, or an answer of the origin that is not the object. Holds the participation in the object's
/// flight, so that the run it opened goes on until this request has joined it.
/// </summary>
internal readonly struct ObtainedMetadata(ObjectMetadata? metadata, ObjectAnswer? other, SliceOrigin origin, bool revalidated, Run? run, CoalescingGuard<ObjectFlightKey, ObjectAnswer> guard) : IDisposable
{
    public ObjectMetadata? Metadata { get; } = metadata;

    /// <summary>Set when <see cref="Metadata"/> is not: <see cref="ObjectAnswer.Refused"/> or <see cref="ObjectAnswer.NotShareable"/>.</summary>
    public ObjectAnswer? Other { get; } = other;

    public SliceOrigin Origin { get; } = origin;

    public bool Revalidated { get; } = revalidated;

    /// <summary>True for metadata from memory that is told although it is no longer fresh.</summary>
    public bool IsStale { get; private init; }

    /// <summary>The run that the flight opened, or null.</summary>
    public Run? Run { get; } = run;

    /// <summary>True when this takes part in the object's flight until it is disposed.</summary>
    public bool HoldsFlight => guard.Flight is not null;

    /// <summary>Metadata that was in memory.</summary>
    public static ObtainedMetadata FromMemory(ObjectMetadata metadata, bool isStale) =>
        new(metadata, null, SliceOrigin.Tier, revalidated: false, run: null, default) { IsStale = isStale };

    /// <summary>No shared answer: the read must be forwarded for itself alone, at once.</summary>
    public static ObtainedMetadata Forwarded(NotShareableReason reason) =>
        new(null, new ObjectAnswer.NotShareable(reason, Gate: null, Handover: null), SliceOrigin.Led, revalidated: false, run: null, default);

    public void Dispose() => guard.Dispose();
}
