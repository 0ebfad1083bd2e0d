using S3Proxy.Caching;
using S3Proxy.Caching.Memory;
using S3Proxy.Fetching;
using S3Proxy.Fleet;

namespace S3Proxy.Invalidation;

/// <summary>Purges on demand (requirement I4): metadata and slices of an object or a scope, in every replica where there are several. Thread-safe; without state.</summary>
/// <remarks>
/// The others first: what this replica learns from them meanwhile goes with the rest. Slices in Redis that no metadata names are never read, and expire.
/// While a reload runs, and for who began before it, the same place is forgotten under the other identities in force too (<see cref="OriginsInForce"/>): another replica may answer under them already. Which they are is
/// asked at the beginning: what comes into force later is purged as a whole.
/// </remarks>
internal sealed class CachePurge(OriginsInForce origins, LocalPurge local, MemoryTier memory, FleetInvalidation? fleet, IFleet? shared, IFleetChannel? channel)
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

        PurgeReport report = await CarryOutAsync([id], dropSlices: true, cancellationToken);
        foreach (ObjectVersion version in versions)
        {
            await (shared?.DropAsync(version) ?? ValueTask.CompletedTask);
        }

        return report;
    }

    /// <summary>Has everybody forget a scope. No key is enumerated: what Redis holds of it does not count any more.</summary>
    public ValueTask<PurgeReport> PurgeAsync(CacheScope scope, CancellationToken cancellationToken) => CarryOutAsync(scope, dropSlices: true, cancellationToken);

    /// <summary>
    /// Has everybody forget what is known of some objects that were changed elsewhere. Their slices stay: the origin tells the version that counts before one is used again, and what is not used is evicted.
    /// </summary>
    public ValueTask<PurgeReport> ForgetAsync(IReadOnlyList<ObjectId> objects, CancellationToken cancellationToken) => CarryOutAsync(objects, dropSlices: false, cancellationToken);

    /// <summary>As the other, for a scope.</summary>
    public ValueTask<PurgeReport> ForgetAsync(CacheScope scope, CancellationToken cancellationToken) => CarryOutAsync(scope, dropSlices: false, cancellationToken);

    private async ValueTask<PurgeReport> CarryOutAsync(IReadOnlyList<ObjectId> objects, bool dropSlices, CancellationToken cancellationToken)
    {
        ElsewhereWritten? elsewhere = origins.ElsewhereOf(objects, bucket: null);
        IReadOnlyList<ObjectId> all = elsewhere is null ? objects : [.. objects.Union(elsewhere.Objects)];
        AnnouncementResult? told = fleet is null ? null : await fleet.PurgeAsync(all, isUnknown: false, dropSlices, cancellationToken);
        PurgeReport report = Report(local.Purge(all, suspectFor: TimeSpan.Zero, dropSlices), told);
        return elsewhere is null ? report : await WithAsync(report, elsewhere.Scopes, dropSlices, cancellationToken);
    }

    private async ValueTask<PurgeReport> CarryOutAsync(CacheScope scope, bool dropSlices, CancellationToken cancellationToken)
    {
        IReadOnlyCollection<CacheScope> elsewhere = origins.ElsewhereOf(scope);
        return await WithAsync(await CarryOutOnceAsync(scope, dropSlices, cancellationToken), elsewhere, dropSlices, cancellationToken);
    }

    private async ValueTask<PurgeReport> WithAsync(PurgeReport report, IEnumerable<CacheScope> further, bool dropSlices, CancellationToken cancellationToken)
    {
        foreach (CacheScope scope in further)
        {
            // All of an origin stands for objects that cannot be named there. Slices that nobody spoke of stay: the origin is asked before one is used.
            report = report.And(await CarryOutOnceAsync(scope, dropSlices && scope.Bucket is not null, cancellationToken));
        }

        return report;
    }

    private async ValueTask<PurgeReport> CarryOutOnceAsync(CacheScope scope, bool dropSlices, CancellationToken cancellationToken)
    {
        AnnouncementResult? told = fleet is null ? null : await fleet.PurgeAsync(scope, isUnknown: false, dropSlices, cancellationToken);
        return Report(local.Purge(scope, suspectFor: TimeSpan.Zero, dropSlices), told);
    }

    private PurgeReport Report(PurgeCount count, AnnouncementResult? told) => new(
        told is null ? count : new PurgeCount(count.Objects + told.Objects, count.Slices + told.Slices),
        channel is null ? [] : [channel.Replica, .. told?.Acknowledged ?? []],
        told?.Silent ?? [],
        fleet is not null && told is null);
}
