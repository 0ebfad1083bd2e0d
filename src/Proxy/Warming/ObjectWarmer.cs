using System.Globalization;
using S3Proxy.Caching;
using S3Proxy.Coalescing;
using S3Proxy.Fetching;
using S3Proxy.Telemetry;

namespace S3Proxy.Warming;

/// <summary>
/// Brings one object into memory as a client's read of it would, through its flight, so that clients who want it meanwhile share the fetch (requirements C8, F2). Thread-safe.
/// </summary>
/// <remarks>
/// The first request has the class of a refresh: it is dropped where no slot of the origin is free, and whoever has joined then asks in its own right, so that nobody waits behind a warm-up.
/// What was dropped is tried again; the last try takes its turn with what is read ahead, so that a job on a crowded origin comes to an end.
/// </remarks>
internal sealed class ObjectWarmer(FetchServices services, FlightTables tables)
{
    private const int MaxTries = 6;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);

    /// <summary>Loads an object, or finds that it is here.</summary>
    /// <param name="target">The object.</param>
    /// <param name="client">Whose turns it takes at the origin.</param>
    /// <param name="claim">Asked when the size is known, at each try anew: false when there is no room for so many bytes.</param>
    /// <param name="progress">Told of bytes that have come.</param>
    /// <param name="cancellationToken">Leaves the flight.</param>
    public async Task<WarmResult> WarmAsync(ObjectTarget target, string client, Func<long, bool> claim, Action<long> progress, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            FetchClass of = attempt < MaxTries ? FetchClass.Refresh : FetchClass.ReadAhead;
            WarmResult result = await TryAsync(target, new Requester(client, of), claim, progress, cancellationToken);
            if (!result.MayPass || attempt >= MaxTries)
            {
                return result;
            }

            await Task.Delay(FirstPause * (1 << attempt), services.TimeProvider, cancellationToken);
        }
    }

    private async Task<WarmResult> TryAsync(ObjectTarget target, Requester requester, Func<long, bool> claim, Action<long> progress, CancellationToken cancellationToken)
    {
        if (FindFresh(target) is { } here)
        {
            return await LoadAsync(target, here, run: null, requester, claim, progress, cancellationToken);
        }

        if (tables.Uncacheable.TryGet(target.Id, out NotShareableReason reason))
        {
            return new WarmResult(0, false, $"The origin's answer may not be cached ({reason}).");
        }

        using CoalescingGuard<ObjectFlightKey, ObjectAnswer> guard = tables.Objects.Acquire(new ObjectFlightKey(target.Id, HeadersOnly: false));
        if (guard.IsLeader)
        {
            if (FindFresh(target) is { } filled)
            {
                // The last flight filled it between the look and the claim; whoever has joined looks again.
                guard.Flight.End(FlightState.Cancelled);
                return await LoadAsync(target, filled, run: null, requester, claim, progress, cancellationToken);
            }

            ObjectMetadata? known = services.Memory.FindMetadata(target.Id);
            bool isWorthAsking = known is not null && HasSlice(known, 0);
            ObjectFetch fetch = new(services, tables, target, requester, FetchPlan.For(range: null, services.Geometry, services.Options.StripeBytes), isWorthAsking ? known : null, endpoint: null);
            guard.Flight.Start(fetch.RunAsync);
        }

        FlightOutcome<ObjectAnswer> outcome = await guard.Flight.WhenPublishedAsync(cancellationToken);
        switch (outcome)
        {
            case { HasResult: true, Result: ObjectAnswer.Found found }:
                return await LoadAsync(target, found.Metadata, found.Run, requester, claim, progress, cancellationToken);
            case { HasResult: true, Result: ObjectAnswer.Refused refused }:
                return new WarmResult(0, false, string.Create(CultureInfo.InvariantCulture, $"The origin answered {refused.Status}.")) { MayPass = refused.Status is 429 or 503 };
            case { HasResult: true, Result: ObjectAnswer.NotShareable refused }:
                return new WarmResult(0, false, $"The origin's answer may not be cached ({refused.Reason}).");
            case { State: FlightState.Failed }:
                return Failed(outcome.Error);
            default:
                return new WarmResult(0, false, "The origin could not be asked: it has too much to do, or cannot be reached.") { MayPass = true };
        }
    }

    private async Task<WarmResult> LoadAsync(
        ObjectTarget target, ObjectMetadata metadata, Run? run, Requester requester, Func<long, bool> claim, Action<long> progress, CancellationToken cancellationToken)
    {
        long size = metadata.SizeBytes;
        int last = size == 0 ? -1 : services.Geometry.LastOf(size);
        bool isHere = run is null && Enumerable.Range(0, last + 1).All(index => HasSlice(metadata, index));
        if (isHere)
        {
            return new WarmResult(size, WasHere: true, Failure: null);
        }

        if (!claim(size))
        {
            return new WarmResult(size, false, "It does not fit into what is left of the memory or of the limit.") { HadNoRoom = true };
        }

        Requester reader = requester with { Class = FetchClass.ReadAhead };
        using SliceWalker walker = new(services, tables, target, metadata.Version, reader, size - 1, isOpenEnded: true);
        if (run is not null)
        {
            walker.Follow(run, 0);
        }

        try
        {
            for (int index = 0; index <= last; index++)
            {
                long first = services.Geometry.StartOf(index);
                int length = walker.LengthOf(index);
                await walker.AwaitWholeAsync(first, first + length - 1, cancellationToken);
                progress(length);
            }
        }
        catch (FetchException error)
        {
            return Failed(error);
        }

        return new WarmResult(size, WasHere: false, Failure: null);
    }

    private static WarmResult Failed(Exception? error) =>
        new(0, false, error is FetchException fetch ? $"{MetricTags.NameOf(fetch.Failure)}: {fetch.Message}" : "The fetch failed.") { MayPass = error is FetchException { Failure: FetchFailure.Crowded } };

    private ObjectMetadata? FindFresh(ObjectTarget target) =>
        services.Memory.FindMetadata(target.Id) is { } known && services.FreshnessOf(known, target.Bucket.Cache).IsFresh ? known : null;

    private bool HasSlice(ObjectMetadata known, int index) => known.SizeBytes == 0 || services.Memory.ContainsSlice(new SliceKey(known.Version, index));
}
