using S3Proxy.Caching;
using S3Proxy.Coalescing;
using S3Proxy.Fetching;
using S3Proxy.Protocol;

namespace S3Proxy.Responding;

/// <summary>Finds an object's metadata: fresh from memory, else through the object's flight (requirements F2, F9, C5).</summary>
internal sealed class MetadataFinder(FetchServices services)
{
    private const int MaxTries = 16;

    /// <summary>Metadata that may answer this read without asking the origin, or null.</summary>
    public ObjectMetadata? FindFresh(ReadContext read) =>
        services.Memory.FindMetadata(read.Target.Id) is { } known && MayAnswer(read, known) ? known : null;

    /// <summary>Finds the metadata, leading or joining a flight if it has to.</summary>
    /// <exception cref="FetchException">The origin could not be asked.</exception>
    public async ValueTask<ObtainedMetadata> FindAsync(ReadContext read, CancellationToken aborted)
    {
        bool upgrade = false;
        for (int attempt = 0; attempt < MaxTries; attempt++)
        {
            if (FindFresh(read) is { } fresh)
            {
                return new ObtainedMetadata(fresh, null, SliceOrigin.Tier, revalidated: false, run: null, default);
            }

            CoalescingGuard<ObjectFlightKey, ObjectAnswer> guard = Acquire(read, upgrade);
            bool keep = false;
            try
            {
                if (guard.IsLeader && Lead(guard, read, upgrade) is { } found)
                {
                    return new ObtainedMetadata(found, null, SliceOrigin.Tier, revalidated: false, run: null, default);
                }

                FlightOutcome<ObjectAnswer> outcome = await guard.Flight.WhenPublishedAsync(aborted);
                if (outcome.State == FlightState.Failed)
                {
                    FetchFailure failure = (outcome.Error as FetchException)?.Failure ?? FetchFailure.Broken;
                    throw new FetchException(failure, $"The fetch of {read.Target.Id} failed.", outcome.Error);
                }

                if (outcome is { HasResult: true, Result: { } answer })
                {
                    ObtainedMetadata? obtained = Use(answer, guard, read, ref upgrade);
                    keep = obtained is not null;
                    if (keep)
                    {
                        return obtained!.Value;
                    }
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

    private static ObtainedMetadata? Use(ObjectAnswer answer, CoalescingGuard<ObjectFlightKey, ObjectAnswer> guard, ReadContext read, ref bool upgrade)
    {
        SliceOrigin origin = guard.IsLeader ? SliceOrigin.Led : SliceOrigin.Joined;
        switch (answer)
        {
            case ObjectAnswer.Found found when read.NeedsChecksums && !found.Metadata.KnowsChecksums:
                // A ranged GET led; what it cannot tell takes a HEAD.
                upgrade = true;
                return null;
            case ObjectAnswer.Found found:
                return new ObtainedMetadata(found.Metadata, null, origin, found.Revalidated, found.Run, guard);
            default:
                return new ObtainedMetadata(null, answer, origin, revalidated: false, run: null, guard);
        }
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
    private ObjectMetadata? Lead(CoalescingGuard<ObjectFlightKey, ObjectAnswer> guard, ReadContext read, bool upgrade)
    {
        // The last flight may have filled the cache between our look and our claim.
        if (FindFresh(read) is { } fresh)
        {
            guard.Flight.Complete(new ObjectAnswer.Found(fresh, Revalidated: false, Run: null));
            return fresh;
        }

        bool headersOnly = read.IsHead || upgrade;
        ObjectMetadata? known = services.Memory.FindMetadata(read.Target.Id);
        ObjectMetadata? stale = known is not null && !upgrade && (headersOnly || HasFirstSlice(read, known)) && (known.KnowsChecksums || !read.NeedsChecksums) ? known : null;
        FetchPlan plan = headersOnly ? FetchPlan.Headers : FetchPlan.For(read.Range, services.Geometry, services.Options.StripeBytes);
        ObjectFetch fetch = new(services, read.Tables, read.Target, new Requester(read.Client, FetchClass.Demand), plan, stale, read.Endpoint);
        guard.Flight.Start(fetch.RunAsync);
        return null;
    }

    /// <summary>Without the first slice wanted a 304 would cost a second request; then the bytes are asked for at once.</summary>
    private bool HasFirstSlice(ReadContext read, ObjectMetadata known)
    {
        long first = 0;
        if (read.Range is { } range)
        {
            ByteRangeResolution resolved = range.Resolve(known.SizeBytes);
            if (!resolved.IsSatisfiable)
            {
                return true;
            }

            first = resolved.FirstByte;
        }

        return known.SizeBytes == 0 || services.Memory.ContainsSlice(new SliceKey(known.Version, services.Geometry.IndexOf(first)));
    }

    private bool MayAnswer(ReadContext read, ObjectMetadata known) =>
        known.IsFresh(services.TimeProvider.GetTimestamp()) && (known.KnowsChecksums || !read.NeedsChecksums);
}
