using S3Proxy.Caching;
using S3Proxy.Coalescing;
using S3Proxy.Fetching;
using S3Proxy.Telemetry.Tracing;

namespace S3Proxy.Responding;

/// <summary>
/// Finds an object's metadata for readers that only the origin can judge (requirement A3): each asks the origin in its own name before its first byte, with
/// If-None-Match where the answer is at hand or on its way, and takes the bytes from wherever they are.
/// </summary>
/// <remarks>
/// Whoever leads a fetch is judged by its answer, and told it whatever others were told meanwhile. Whoever finds one under way waits until its version is known, so that its own question costs no body; what the
/// origin told the other of refusals or failures it never hears. Stateless but for its services.
/// </remarks>
internal sealed class PassthroughFinder(FetchServices services, AcceptedRequests accepted)
{
    /// <summary>Finds the metadata; nothing of memory has been told to this reader yet.</summary>
    /// <exception cref="FetchException">The origin could not be asked.</exception>
    public async ValueTask<ObtainedMetadata> FindAsync(ReadContext read, CancellationToken aborted)
    {
        long epoch = services.Epochs.Current(read.Target.Id);
        ObjectMetadata? known = read.FindKnown(services);
        if (!read.IsHead && !read.Requester.MayAskForRanges && (known is null || !read.HasSlices(services, known, onlyFirst: false)))
        {
            // The origin's answer to what the client has signed is that range alone: nothing to share.
            return ObtainedMetadata.Forwarded(NotShareableReason.AsSigned);
        }

        if (read.IsHead || !read.Requester.MayAskForRanges || (known is not null && IsAtHand(read, known)))
        {
            return await AskAsync(read, known, epoch, aborted);
        }

        CoalescingGuard<ObjectFlightKey, ObjectAnswer> guard = read.Tables.Objects.Acquire(new ObjectFlightKey(read.Target.Id, HeadersOnly: false));
        if (guard.IsLeader)
        {
            return await LeadAsync(guard, read, read.Tables, known: null, epoch, aborted);
        }

        bool keep = false;
        try
        {
            FlightOutcome<ObjectAnswer> outcome = await guard.Flight.WhenPublishedAsync(aborted);
            if (outcome is not { HasResult: true, Result: ObjectAnswer.Found found } || (read.NeedsChecksums && !found.Metadata.KnowsChecksums))
            {
                return await AskAsync(read, known: null, epoch, aborted);
            }

            if (!accepted.Contains(read.Proof!, found.Metadata.Version) || !services.MayTrust(services.TimeProvider.GetTimestamp()))
            {
                ObtainedMetadata own = await AskAsync(read, found.Metadata, epoch, aborted);
                if (!own.Revalidated)
                {
                    return own;
                }

                own.Dispose();
            }

            read.Observation?.Span.Follow(found.Span);
            keep = true;
            return new ObtainedMetadata(found.Metadata, null, SliceOrigin.Joined, revalidated: false, found.Run, guard);
        }
        finally
        {
            if (!keep)
            {
                guard.Dispose();
            }
        }
    }

    /// <summary>True when the first byte that the response sends is in memory or under way, so that the origin need not send it again.</summary>
    private bool IsAtHand(ReadContext read, ObjectMetadata known)
    {
        if (read.HasSlices(services, known, onlyFirst: true))
        {
            return true;
        }

        SliceKey first = new(known.Version, services.Geometry.IndexOf(ResponsePlan.For(read, known).First));

        // Between the two looks it may have arrived.
        return read.Tables.Slices.IsInFlight(first) || services.Memory.ContainsSlice(first);
    }

    private ValueTask<ObtainedMetadata> AskAsync(ReadContext read, ObjectMetadata? known, long epoch, CancellationToken aborted)
    {
        FlightTables own = read.Tables.WithOwnObjects();
        return LeadAsync(own.Objects.Acquire(new ObjectFlightKey(read.Target.Id, read.IsHead)), read, own, known, epoch, aborted);
    }

    /// <summary>Asks the origin in the client's name, about what was known at <paramref name="epoch"/> if anything. Takes the guard over.</summary>
    private async ValueTask<ObtainedMetadata> LeadAsync(
        CoalescingGuard<ObjectFlightKey, ObjectAnswer> guard, ReadContext read, FlightTables tables, ObjectMetadata? known, long epoch, CancellationToken aborted)
    {
        bool keep = false;
        try
        {
            FetchPlan plan = read.IsHead ? FetchPlan.Headers
                : read.Requester.MayAskForRanges ? FetchPlan.For(read.Range, services.Geometry, services.Options.StripeBytes)
                : FetchPlan.Whole;
            ObjectFetch fetch = new(services, tables, read.Target, read.Requester, plan, known, read.Endpoint) { IsInsistent = true, KnownSince = epoch };
            guard.Flight.Start(fetch.RunAsync);
            FlightOutcome<ObjectAnswer> outcome = await guard.Flight.WhenPublishedAsync(aborted);
            if (!outcome.HasResult)
            {
                throw outcome.State == FlightState.Failed
                    ? FetchException.OfFlight($"The fetch of {read.Target.Id} failed.", outcome.Error)
                    : new FetchException(FetchFailure.Broken, $"The origin could not be asked about {read.Target.Id}.");
            }

            if (outcome.Result is not ObjectAnswer.Found found)
            {
                keep = true;
                return new ObtainedMetadata(null, outcome.Result, SliceOrigin.Led, revalidated: false, run: null, guard);
            }

            accepted.Add(read.Proof!, found.Metadata.Version, epoch);
            if (read.Rule.Forbids(found.Metadata.Directives) || (read.NeedsChecksums && !found.Metadata.KnowsChecksums))
            {
                return ObtainedMetadata.Forwarded(NotShareableReason.AsSigned);
            }

            keep = true;
            return new ObtainedMetadata(found.Metadata, null, SliceOrigin.Led, found.Source == AnswerSource.Confirmed, found.Run, guard);
        }
        finally
        {
            if (!keep)
            {
                guard.Dispose();
            }
        }
    }
}
