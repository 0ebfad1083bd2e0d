using S3Proxy.Caching;
using S3Proxy.Coalescing;

namespace S3Proxy.Fetching;

/// <summary>
/// The other replicas, as fetches see them: before the origin is asked, they are (requirements W1, C3). Absent without Redis. Thread-safe.
/// </summary>
/// <remarks>No call fails because of Redis: what cannot be asked is answered as by a replica that is alone.</remarks>
internal interface IFleet
{
    /// <summary>
    /// Finds out who asks the origin about an object: nobody, because it is known; another replica, for which this waits at most the configured time; or the caller.
    /// Holds nothing while it waits.
    /// </summary>
    /// <param name="target">The object, under the rule by which what is known may be too old.</param>
    /// <param name="needsChecksums">True when metadata that cannot tell the checksums of the whole object does not do.</param>
    /// <param name="waits">False to be told <see cref="ObjectClaim.Busy"/> rather than wait.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<ObjectClaim> ClaimAsync(ObjectTarget target, bool needsChecksums, bool waits, CancellationToken cancellationToken);

    /// <summary>Finds out who brings the bytes of a version from <paramref name="position"/> on. Waits for one or two answers of Redis, not for other replicas.</summary>
    /// <param name="target">The object.</param>
    /// <param name="version">Its version.</param>
    /// <param name="position">Object offset of the next byte wanted.</param>
    /// <param name="last">Last slice wanted.</param>
    /// <param name="inVain">The lease whose holder was followed in vain, which counts no longer; 0 for none.</param>
    /// <param name="isAlone">True to ask nobody but Redis for bytes that are there: replicas were followed in vain more than once.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<RunClaim> ClaimAsync(ObjectTarget target, ObjectVersion version, long position, int last, long inVain, bool isAlone, CancellationToken cancellationToken);

    /// <summary>Has a slice that the origin brought kept for other replicas. Never waits; drops it when there is too much to do.</summary>
    void Store(SliceKey key, SharedBody body);

    /// <summary>Drops what replicas will find about an object, if it is of <paramref name="version"/>; of whatever version when that is null.</summary>
    ValueTask ForgetAsync(ObjectId id, ObjectVersion? version);

    /// <summary>Has <paramref name="onCorrupt"/> called when some replica finds that slices of a version are not its bytes, until what is given back is disposed of.</summary>
    IDisposable Watch(ObjectVersion version, Action onCorrupt);

    /// <summary>Has every replica drop the slices of a version: some of them are not its bytes.</summary>
    ValueTask DropAsync(ObjectVersion version);
}
