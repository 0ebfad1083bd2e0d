using S3Proxy.Caching;
using S3Proxy.Coalescing;
using S3Proxy.Configuration;
using S3Proxy.Fetching;
using S3Proxy.Telemetry;
using S3Proxy.Telemetry.Tracing;

namespace S3Proxy.Responding;

/// <summary>
/// Finds an object's metadata: from memory when this reader's own rule allows, else through the object's flight (requirements F2, F8, F9, C5).
/// </summary>
internal sealed class MetadataFinder(FetchServices services, ObjectRefreshes refreshes, AcceptedRequests accepted)
{
    private const int MaxTries = 16;

    /// <summary>From this try on an answer is told although another one contradicts it.</summary>
    private const int InsistentTry = 2;

    private readonly PassthroughFinder _passthrough = new(services, accepted);

    /// <summary>
    /// Metadata that may answer this read without waiting for the origin, or null. Starts a refresh where one is due.
    /// </summary>
    public ObtainedMetadata? FindServable(ReadContext read)
    {
        if (read.FindKnown(services) is not { } known)
        {
            return Miss(read, RequestReason.NotInMemory);
        }

        if (read.Proof is { } proof && !accepted.Contains(proof, known.Version))
        {
            return Miss(read, RequestReason.NotJudged);
        }

        Freshness freshness = services.FreshnessOf(known, read.Rule);
        read.Observation?.Trail?.Add("memory", ("metadata", "present"), ("state", freshness.State), ("ttl", freshness.TimeToLive));
        switch (freshness.State)
        {
            case FreshnessState.Fresh:
                return ObtainedMetadata.FromMemory(known, isStale: false);
            case FreshnessState.FreshAndDue when read.Proof is not null:
                return ObtainedMetadata.FromMemory(known, isStale: false);
            case FreshnessState.FreshAndDue:
                refreshes.TryStart(read.Target, known, read.Client, read.Endpoint);
                return ObtainedMetadata.FromMemory(known, isStale: false);

            // Without the first slice the origin is asked anyway; then it tells at the same time whether the object has changed.
            case FreshnessState.StaleWhileRevalidate when read.Proof is null && read.HasSlices(services, known, onlyFirst: true):
                refreshes.TryStart(read.Target, known, read.Client, read.Endpoint);
                return ObtainedMetadata.FromMemory(known, isStale: true);
            default:
                return Miss(read, RequestReason.NotFresh);
        }
    }

    private static ObtainedMetadata? Miss(ReadContext read, RequestReason reason)
    {
        read.Reason = reason;
        if (reason != RequestReason.NotFresh)
        {
            read.Observation?.Trail?.Add("memory", ("metadata", reason == RequestReason.NotInMemory ? "absent" : "present"), ("reason", reason.ToWire()));
        }

        return null;
    }

    /// <summary>Finds the metadata, leading or joining a flight if it has to.</summary>
    /// <exception cref="FetchException">The origin could not be asked.</exception>
    public async ValueTask<ObtainedMetadata> FindAsync(ReadContext read, CancellationToken aborted)
    {
        bool upgrade = false;
        for (int attempt = 0; attempt < MaxTries; attempt++)
        {
            if (FindServable(read) is { } servable)
            {
                return servable;
            }

            if (read.Tables.Uncacheable.TryGet(read.Target.Id, out NotShareableReason reason) && (read.Rule.HonourOrigin || !reason.IsTheOriginsWish()))
            {
                return ObtainedMetadata.Forwarded(reason);
            }

            if (read.Proof is not null)
            {
                return await _passthrough.FindAsync(read, aborted);
            }

            CoalescingGuard<ObjectFlightKey, ObjectAnswer> guard = Acquire(read, upgrade);
            long startedAt = guard.Flight.StartedAt;
            read.Role = guard.IsLeader ? FlightRole.Leader : FlightRole.Follower;
            read.Observation?.Trail?.Add("flight", ("role", read.Role.ToWire()), ("participants", guard.Flight.Participants));
            bool keep = false;
            try
            {
                if (guard.IsLeader && Lead(guard, read, upgrade, attempt >= InsistentTry) is { } found)
                {
                    return found;
                }

                bool isOver = !guard.IsLeader && guard.Flight.State >= FlightState.Complete;
                FlightOutcome<ObjectAnswer> outcome = await guard.Flight.WhenPublishedAsync(aborted);
                if (outcome.State == FlightState.Failed)
                {
                    return FindDespite(outcome.Error, read);
                }

                if (!guard.IsLeader && IsFromBefore(read, startedAt))
                {
                    guard.Flight.Detach();
                }
                else if (outcome is { HasResult: true, Result: { } answer } && !IsTooOld(answer, isOver, guard, read)
                    && Use(answer, guard, read, ref upgrade) is { } obtained)
                {
                    Tell(read, guard.IsLeader, answer);
                    keep = obtained.HoldsFlight;
                    return obtained;
                }
            }
            finally
            {
                if (!keep)
                {
                    guard.Dispose();
                }
            }
        }

        throw new FetchException(FetchFailure.Contended, $"{read.Target.Id} could not be had in {MaxTries} tries.");
    }

    private static void Tell(ReadContext read, bool isLeader, ObjectAnswer answer)
    {
        if (!isLeader)
        {
            read.Observation?.Span.Follow(answer.Span);
        }

        read.Observation?.Trail?.Add("fetched", ("by", answer is ObjectAnswer.Found found ? found.Source.ToString() : answer.GetType().Name));
    }

    private ObtainedMetadata? Use(ObjectAnswer answer, CoalescingGuard<ObjectFlightKey, ObjectAnswer> guard, ReadContext read, ref bool upgrade)
    {
        switch (answer)
        {
            case ObjectAnswer.Found found when read.Rule.Forbids(found.Metadata.Directives):
                // Led by a reader whose rule does not heed the origin.
                return ObtainedMetadata.Forwarded(found.Metadata.Directives.ForbidsStoring ? NotShareableReason.NoStore : NotShareableReason.Private);
            case ObjectAnswer.Found found when read.NeedsChecksums && !found.Metadata.KnowsChecksums:
                // A ranged GET led; what it cannot tell takes a HEAD.
                upgrade = true;
                return null;
            case ObjectAnswer.Found found:
                return new ObtainedMetadata(found.Metadata, null, OriginOf(found.Source, guard.IsLeader), found.Source == AnswerSource.Confirmed, found.Run, guard);
            case ObjectAnswer.Refused { Status: >= 500 } when FindForError(read) is { } kept:
                return kept;
            default:
                return new ObtainedMetadata(null, answer, guard.IsLeader ? SliceOrigin.Led : SliceOrigin.Joined, revalidated: false, run: null, guard);
        }
    }

    /// <summary>What was kept in Redis counts as a tier for everybody in the flight; what another replica was fetching was led there.</summary>
    private static SliceOrigin OriginOf(AnswerSource source, bool isLeader) => source switch
    {
        AnswerSource.Kept => SliceOrigin.Kept,
        AnswerSource.Replica => SliceOrigin.Joined,
        _ => isLeader ? SliceOrigin.Led : SliceOrigin.Joined,
    };

    /// <summary>What is kept for the case that the origin cannot be asked.</summary>
    /// <exception cref="FetchException">Nothing is, or the failure is none of the origin's.</exception>
    private ObtainedMetadata FindDespite(Exception? error, ReadContext read)
    {
        FetchException failure = FetchException.OfFlight($"The fetch of {read.Target.Id} failed.", error);
        return FetchFailures.IsOriginsAbsence(failure.Failure) && FindForError(read) is { } kept ? kept : throw failure;
    }

    /// <summary>
    /// What answers this read although the origin cannot: looked up now and not before the flight, so that an invalidation meanwhile counts, and only with all
    /// its bytes here, so that no response begins that cannot end.
    /// </summary>
    private ObtainedMetadata? FindForError(ReadContext read) =>
        read.FindKnown(services) is { } known && services.FreshnessOf(known, read.Rule).MayServeOnError && read.HasSlices(services, known, onlyFirst: false)
            ? ObtainedMetadata.FromMemory(known, isStale: true)
            : null;

    /// <summary>
    /// True when the flight that this read has joined began before the read came, and another replica may have written the object in between: nobody waits for a replica that does not hear. The flight is taken out of
    /// the table then, so that the next one, which begins later than all who have waited, answers them together.
    /// </summary>
    /// <param name="read">The read.</param>
    /// <param name="startedAt">When the flight began; 0 when it had not at the time it was joined.</param>
    private bool IsFromBefore(ReadContext read, long startedAt) =>
        startedAt != 0 && startedAt < read.ReceivedAt && read.Rule.Mode != CacheMode.Immutable && !services.MayTrust(startedAt);

    /// <summary>
    /// True for a 404 that somebody else was told before this read came, when this reader's rule does not believe it so long, or
    /// another replica may have written the object since. Its flight is taken out of the
    /// table, so that the next try asks.
    /// </summary>
    private bool IsTooOld(ObjectAnswer answer, bool isOver, CoalescingGuard<ObjectFlightKey, ObjectAnswer> guard, ReadContext read)
    {
        if (!isOver || answer is not ObjectAnswer.Refused { Status: 404 } refused
            || (services.TimeProvider.GetElapsedTime(refused.AnsweredAt) < read.Rule.NegativeLifetime && services.MayTrust(refused.AnsweredAt)))
        {
            return false;
        }

        guard.Flight.Detach();
        return true;
    }

    private static CoalescingGuard<ObjectFlightKey, ObjectAnswer> Acquire(ReadContext read, bool upgrade)
    {
        ObjectFlightKey get = new(read.Target.Id, HeadersOnly: false);
        if (!read.IsHead && !upgrade)
        {
            return read.Tables.Objects.Acquire(get);
        }

        return !upgrade && read.Tables.Objects.TryJoin(get, out CoalescingGuard<ObjectFlightKey, ObjectAnswer> joined)
            ? joined
            : read.Tables.Objects.Acquire(get with { HeadersOnly = true });
    }

    /// <summary>Starts the fetch of the flight; the metadata instead when that turns out to be needless.</summary>
    private ObtainedMetadata? Lead(CoalescingGuard<ObjectFlightKey, ObjectAnswer> guard, ReadContext read, bool upgrade, bool isInsistent)
    {
        // The last flight may have filled the cache between our look and our claim.
        if (FindServable(read) is { } servable)
        {
            // Whoever has joined meanwhile judges for itself: its rule may be another.
            guard.Flight.End(FlightState.Cancelled);
            return servable;
        }

        bool headersOnly = read.IsHead || upgrade;
        ObjectMetadata? known = upgrade ? null : read.FindKnown(services);
        bool isWorthAsking = known is not null && !read.Rule.Forbids(known.Directives) && (headersOnly || read.HasSlices(services, known, onlyFirst: true));
        FetchPlan plan = headersOnly ? FetchPlan.Headers : FetchPlan.For(read.Range, services.Geometry, services.Options.StripeBytes);
        ObjectFetch fetch = new(services, read.Tables, read.Target, read.Requester, plan, isWorthAsking ? known : null, read.Endpoint)
        {
            IsInsistent = isInsistent,
            NeedsChecksums = read.NeedsChecksums,
        };
        guard.Flight.Start(fetch.RunAsync);
        return null;
    }
}
