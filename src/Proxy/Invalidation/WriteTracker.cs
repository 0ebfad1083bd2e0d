using S3Proxy.Caching;
using S3Proxy.Fetching;
using S3Proxy.Fleet;

namespace S3Proxy.Invalidation;

/// <summary>
/// Makes writes through the proxy true at once (requirements I1 to I3): from before a write is forwarded until its outcome is known nothing of its
/// objects is admitted, and from before the client hears of it nobody is served what was there before.
/// </summary>
/// <remarks>Thread-safe; one for the whole process. This replica first, then the others where there are any: what is not true here cannot become so there.</remarks>
internal sealed class WriteTracker(ObjectEpochs epochs, FlightTables tables)
{
    /// <summary>How long metadata is admitted only as stale after a write whose outcome is unknown: the origin may still commit it.</summary>
    public static readonly TimeSpan UnknownOutcomeLimit = TimeSpan.FromMinutes(5);

    /// <summary>The other replicas; null where there are none.</summary>
    public FleetInvalidation? Fleet { get; init; }

    /// <summary>What a write changes that runs while its origin becomes another; null where origins stay.</summary>
    public WritesElsewhere? Elsewhere { get; init; }

    /// <summary>Records the intent to write the objects, for all replicas. The caller disposes the result when the write is over, whatever its end.</summary>
    /// <exception cref="OperationCanceledException">Nothing is recorded, and nothing must be sent.</exception>
    public ValueTask<WriteIntent> BeginAsync(IReadOnlyList<ObjectId> objects, CancellationToken cancellationToken)
    {
        WriteIntent local = Begin(objects);
        return Fleet is null ? new ValueTask<WriteIntent>(local) : TellAsync(Fleet, local, objects, cancellationToken);
    }

    /// <summary>
    /// As <see cref="BeginAsync"/>, for what concerns a whole bucket. Until the origin has answered its cache stays as it is: whoever asks for
    /// such a change without the right to it must not empty the cache.
    /// </summary>
    public WriteIntent Begin(BucketId bucket) => new(this, [], bucket);

    /// <summary>Records the intent to write the objects, for this replica: another one has told of it, and when it ends.</summary>
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

    internal ValueTask EndAsync(IReadOnlyList<ObjectId> objects, BucketId? bucket, FleetWrite? write, WriteOutcome outcome) =>
        Elsewhere?.Of(objects, bucket, outcome) is { } elsewhere
            ? EndElsewhereTooAsync(Elsewhere, elsewhere, EndHereAsync(objects, bucket, write, outcome), outcome)
            : EndHereAsync(objects, bucket, write, outcome);

    private static async ValueTask EndElsewhereTooAsync(WritesElsewhere writes, ElsewhereWritten elsewhere, ValueTask ended, WriteOutcome outcome)
    {
        await ended;
        await writes.ForgetAsync(elsewhere, outcome);
    }

    private ValueTask EndHereAsync(IReadOnlyList<ObjectId> objects, BucketId? bucket, FleetWrite? write, WriteOutcome outcome)
    {
        if (Fleet is not null && (write is not null || (bucket is not null && outcome != WriteOutcome.Refused)))
        {
            return EndForAllAsync(Fleet, objects, bucket, write, outcome);
        }

        End(objects, bucket, outcome);
        return ValueTask.CompletedTask;
    }

    private async ValueTask<WriteIntent> TellAsync(FleetInvalidation fleet, WriteIntent local, IReadOnlyList<ObjectId> objects, CancellationToken cancellationToken)
    {
        try
        {
            return new WriteIntent(this, objects, bucket: null, await fleet.BeginAsync(objects, cancellationToken));
        }
        catch
        {
            local.End(WriteOutcome.Refused);
            throw;
        }
    }

    private async ValueTask EndForAllAsync(FleetInvalidation fleet, IReadOnlyList<ObjectId> objects, BucketId? bucket, FleetWrite? write, WriteOutcome outcome)
    {
        try
        {
            if (write is not null)
            {
                await fleet.EndAsync(write, outcome);
            }

            if (bucket is { } whole && outcome != WriteOutcome.Refused)
            {
                await fleet.PurgeAsync(CacheScope.Of(whole), outcome == WriteOutcome.Unknown, dropSlices: false, CancellationToken.None);
            }
        }
        finally
        {
            // After the others: what was learnt from them meanwhile goes too.
            End(objects, bucket, outcome);
        }
    }
}
