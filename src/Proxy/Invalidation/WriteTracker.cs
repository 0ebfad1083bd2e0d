using S3Proxy.Caching;
using S3Proxy.Fetching;

namespace S3Proxy.Invalidation;

/// <summary>
/// Makes writes through the proxy true at once (requirements I1 to I3, on this replica): from before a write is forwarded until its outcome is known nothing of its
/// objects is admitted, and from before the client hears of it nobody is served what was there before.
/// </summary>
/// <remarks>Thread-safe; one for the whole process.</remarks>
internal sealed class WriteTracker(ObjectEpochs epochs, FlightTables tables)
{
    /// <summary>How long metadata is admitted only as stale after a write whose outcome is unknown: the origin may still commit it.</summary>
    public static readonly TimeSpan UnknownOutcomeLimit = TimeSpan.FromMinutes(5);

    /// <summary>Records the intent to write the objects. The caller disposes the result when the write is over, whatever its end.</summary>
    public WriteIntent Begin(IReadOnlyList<ObjectId> objects)
    {
        ArgumentOutOfRangeException.ThrowIfZero(objects.Count);
        foreach (ObjectId id in objects)
        {
            epochs.EnterWrite(id);
            tables.Detach(id);
        }

        return new WriteIntent(this, objects, bucket: null);
    }

    /// <summary>
    /// As <see cref="Begin(IReadOnlyList{ObjectId})"/>, for what concerns a whole bucket. Until the origin has answered its cache stays as it is: whoever asks for
    /// such a change without the right to it must not empty the cache.
    /// </summary>
    public WriteIntent Begin(BucketId bucket) => new(this, [], bucket);

    internal void End(IReadOnlyList<ObjectId> objects, BucketId? bucket, WriteOutcome outcome)
    {
        TimeSpan suspectFor = outcome == WriteOutcome.Unknown ? UnknownOutcomeLimit : TimeSpan.Zero;
        foreach (ObjectId id in objects)
        {
            epochs.LeaveWrite(id, suspectFor);
            tables.Detach(id);
        }

        if (bucket is { } whole && outcome != WriteOutcome.Refused)
        {
            epochs.Raise(whole, suspectFor);
            tables.Detach(whole);
        }
    }
}
