using S3Proxy.Caching;
using S3Proxy.Coalescing;

namespace S3Proxy.Fetching;

/// <content>Where there are other replicas: one of them asks the origin, for all (requirement W1).</content>
internal sealed partial class ObjectFetch
{
    /// <summary>After a 404 and the like the replicas that waited ask side by side, and not one after the other.</summary>
    private static readonly TimeSpan AloneAfterRefusal = TimeSpan.FromMilliseconds(500);

    private IObjectLease? _lease;
    private ObjectMetadata? _shared;
    private bool _isUncertain;

    /// <summary>
    /// Has the other replicas answer, where one of them has asked or is asking the origin. Otherwise the object's epoch in this replica, to be taken before the origin is
    /// asked. Holds nothing while it waits for them.
    /// </summary>
    private async ValueTask<long?> ClaimAsync(Flight<ObjectFlightKey, ObjectAnswer> flight, CancellationToken deserted)
    {
        // In a client's name nothing can be asked for others.
        if (services.Fleet is not { } fleet || !tables.IsShared || requester.Proof is not null)
        {
            return services.Epochs.Current(target.Id);
        }

        ObjectClaim claim = await fleet.ClaimAsync(target, NeedsChecksums, waits: requester.Class != FetchClass.Refresh, deserted);
        switch (claim)
        {
            case ObjectClaim.Known known:
                Finish(flight, known.Metadata, claim.LocalEpoch, known.WasAwaited ? AnswerSource.Replica : AnswerSource.Kept, run: null);
                return null;
            case ObjectClaim.Busy:
                flight.End(FlightState.Cancelled);
                return null;
            case ObjectClaim.Granted granted:
                _lease = granted.Lease;

                // Worth asking about only where headers are all that is wanted; and a 304 does not tell what it cannot.
                _shared = plan.HeadersOnly && (!NeedsChecksums || granted.Stale is { KnowsChecksums: true }) ? granted.Stale : null;
                break;
            case ObjectClaim.Alone alone:
                _isUncertain = alone.IsUncertain;
                break;
        }

        return claim.LocalEpoch;
    }

    /// <summary>
    /// Tells the other replicas, without waiting for them. What is contradicted is forgotten by all; of what this replica itself would not keep they are told nothing: Redis may not have
    /// heard yet why.
    /// </summary>
    private void Share(ObjectMetadata metadata, long epoch, bool isContradicted, (Run Run, int First, int Last)? run)
    {
        if (isContradicted)
        {
            ForgetEverywhere();
        }
        else if (services.Epochs.Current(target.Id) == epoch && !services.Epochs.IsUncertain(target.Id)
            && _lease?.Commit(metadata, run is { } opened ? (opened.First, opened.Last) : null) is { } lease)
        {
            run!.Value.Run.Share(lease);
        }
    }

    /// <summary>Not awaited: what is dropped here is dropped there in a moment, and was right to tell until now.</summary>
    private void ForgetEverywhere()
    {
        if (services.Fleet is { } fleet && tables.IsShared)
        {
            _ = fleet.ForgetAsync(target.Id, version: null).AsTask();
        }
    }
}
