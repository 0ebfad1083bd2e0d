using S3Proxy.Caching;
using S3Proxy.Caching.Memory;
using S3Proxy.Fetching;
using S3Proxy.Fleet;

namespace S3Proxy.Invalidation;

/// <summary>Purges on demand (requirement I4): metadata and slices of an object or a scope, in every replica where there are several. Thread-safe; without state.</summary>
/// <remarks>The others first: what this replica learns from them meanwhile goes with the rest. Slices in Redis that no metadata names are never read, and expire.</remarks>
internal sealed class CachePurge(LocalPurge local, MemoryTier memory, FleetInvalidation? fleet, IFleet? shared, IFleetChannel? channel)
{
    /// <summary>Has everybody forget one object, and its slices in Redis removed.</summary>
    public async ValueTask<PurgeReport> PurgeAsync(ObjectId id, CancellationToken cancellationToken)
    {
        HashSet<ObjectVersion> versions = [];
        if (memory.FindMetadata(id) is { } known)
        {
            versions.Add(known.Version);
        }

        if (fleet is not null && await fleet.FindVersionAsync(id, cancellationToken) is { } kept)
        {
            versions.Add(kept);
        }

        AnnouncementResult? told = fleet is null ? null : await fleet.PurgeAsync([id], isUnknown: false, dropSlices: true, cancellationToken);
        PurgeCount count = local.Purge([id], suspectFor: TimeSpan.Zero, dropSlices: true);
        foreach (ObjectVersion version in versions)
        {
            await (shared?.DropAsync(version) ?? ValueTask.CompletedTask);
        }

        return Report(count, told);
    }

    /// <summary>Has everybody forget a scope. No key is enumerated: what Redis holds of it does not count any more.</summary>
    public async ValueTask<PurgeReport> PurgeAsync(CacheScope scope, CancellationToken cancellationToken)
    {
        AnnouncementResult? told = fleet is null ? null : await fleet.PurgeAsync(scope, isUnknown: false, dropSlices: true, cancellationToken);
        return Report(local.Purge(scope, suspectFor: TimeSpan.Zero, dropSlices: true), told);
    }

    /// <summary>
    /// Has everybody forget what is known of some objects that were changed elsewhere. Their slices stay: the origin tells the version that counts before one is used again, and what is not used is evicted.
    /// </summary>
    public async ValueTask<PurgeReport> ForgetAsync(IReadOnlyList<ObjectId> objects, CancellationToken cancellationToken)
    {
        AnnouncementResult? told = fleet is null ? null : await fleet.PurgeAsync(objects, isUnknown: false, dropSlices: false, cancellationToken);
        return Report(local.Purge(objects, suspectFor: TimeSpan.Zero, dropSlices: false), told);
    }

    /// <summary>As the other, for a scope.</summary>
    public async ValueTask<PurgeReport> ForgetAsync(CacheScope scope, CancellationToken cancellationToken)
    {
        AnnouncementResult? told = fleet is null ? null : await fleet.PurgeAsync(scope, isUnknown: false, dropSlices: false, cancellationToken);
        return Report(local.Purge(scope, suspectFor: TimeSpan.Zero, dropSlices: false), told);
    }

    private PurgeReport Report(PurgeCount count, AnnouncementResult? told) => new(
        told is null ? count : new PurgeCount(count.Objects + told.Objects, count.Slices + told.Slices),
        channel is null ? [] : [channel.Replica, .. told?.Acknowledged ?? []],
        told?.Silent ?? [],
        fleet is not null && told is null);
}
