using S3Proxy.Caching;
using S3Proxy.Fleet;

namespace S3Proxy.Invalidation;

/// <summary>Has all replicas forget what a write changed under identities of origins that came into force while it ran (decision 0018). Thread-safe; without state.</summary>
/// <remarks>The others first, as in <see cref="CachePurge"/>.</remarks>
internal sealed class WritesElsewhere(OriginsInForce origins, LocalPurge local, FleetInvalidation? fleet)
{
    /// <summary>What the write that ends now concerns besides; null in the ordinary case. Asked after the origin's answer: what comes into force later is purged as a whole.</summary>
    public ElsewhereWritten? Of(IReadOnlyList<ObjectId> objects, BucketId? bucket, WriteOutcome outcome) =>
        outcome == WriteOutcome.Refused ? null : origins.ElsewhereOf(objects, bucket);

    /// <summary>Has everybody forget it. To be awaited before the client hears of the write.</summary>
    public async ValueTask ForgetAsync(ElsewhereWritten written, WriteOutcome outcome)
    {
        bool isUnknown = outcome == WriteOutcome.Unknown;
        TimeSpan suspectFor = isUnknown ? WriteTracker.UnknownOutcomeLimit : TimeSpan.Zero;
        if (written.Objects.Count > 0)
        {
            await (fleet?.PurgeAsync(written.Objects, isUnknown, dropSlices: false, CancellationToken.None) ?? default);
            local.Purge(written.Objects, suspectFor, dropSlices: false);
        }

        foreach (CacheScope scope in written.Scopes)
        {
            await (fleet?.PurgeAsync(scope, isUnknown, dropSlices: false, CancellationToken.None) ?? default);
            local.Purge(scope, suspectFor, dropSlices: false);
        }
    }
}
