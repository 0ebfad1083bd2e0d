using S3Proxy.Caching;

namespace S3Proxy.Fetching;

/// <summary>Who asks the origin about an object (<see cref="IFleet"/>). Immutable.</summary>
internal abstract record ObjectClaim
{
    private ObjectClaim()
    {
    }

    /// <summary>Epoch of the object in this replica, from before the others were asked.</summary>
    public required long LocalEpoch { get; init; }

    /// <summary>Nobody: another replica has asked, lately enough.</summary>
    /// <param name="Metadata">What it was told, with its age.</param>
    /// <param name="WasAwaited">True when it was asking at this moment.</param>
    internal sealed record Known(ObjectMetadata Metadata, bool WasAwaited) : ObjectClaim;

    /// <summary>The caller, for all replicas.</summary>
    /// <param name="Lease">To be ended by the caller, whatever comes of it.</param>
    /// <param name="Stale">What is kept of the object, too old to be told; null when there is nothing.</param>
    internal sealed record Granted(IObjectLease Lease, ObjectMetadata? Stale) : ObjectClaim;

    /// <summary>The caller, for itself alone: the others cannot be asked, took too long, or could not use what it hears.</summary>
    /// <param name="IsUncertain">True while a write through some replica is under way, or one may yet be committed: what is told now may be old in a moment.</param>
    internal sealed record Alone(bool IsUncertain) : ObjectClaim;

    /// <summary>Another replica, and the caller did not want to wait for it.</summary>
    internal sealed record Busy : ObjectClaim;
}
