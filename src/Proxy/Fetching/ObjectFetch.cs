using System.Diagnostics;
using S3Proxy.Caching;
using S3Proxy.Coalescing;
using S3Proxy.Telemetry;
using S3Proxy.Telemetry.Tracing;

namespace S3Proxy.Fetching;

/// <summary>
/// The fetch of an object's flight: one origin request that tells the metadata and opens the first run, or confirms what is known
/// (requirements F2, C5).
/// </summary>
internal sealed partial class ObjectFetch(FetchServices services, FlightTables tables, ObjectTarget target, Requester requester, FetchPlan plan, ObjectMetadata? stale, string? endpoint)
{
    private const int MaxAttempts = 3;

    /// <summary>The span of this fetch; null when nobody traces the request that leads it.</summary>
    private readonly Activity? _span = requester.Span.StartChild("flight", ActivityKind.Internal);

    /// <summary>
    /// True to tell an answer although another one contradicts it that overlapped it, and not to have everybody ask again: some servers answer a HEAD otherwise than
    /// a GET, always.
    /// </summary>
    public bool IsInsistent { get; init; }

    /// <summary>
    /// The object's epoch when what is asked about was learnt, for what need not be in memory: nothing has been dropped since if it is still the same. Null for what
    /// must be in memory.
    /// </summary>
    public long? KnownSince { get; init; }

    /// <summary>True when what is known in the fleet does not do unless it tells the checksums of the whole object.</summary>
    public bool NeedsChecksums { get; init; }

    /// <summary>Runs as the fetch of <paramref name="flight"/> and gives it its outcome.</summary>
    public async Task RunAsync(Flight<ObjectFlightKey, ObjectAnswer> flight, CancellationToken deserted)
    {
        long startedAt = services.TimeProvider.GetTimestamp();
        try
        {
            if (await ClaimAsync(flight, deserted) is { } epoch)
            {
                await AskAsync(flight, epoch, deserted);
            }
        }
        catch (FetchException failure) when (requester.Class == FetchClass.Refresh)
        {
            // Nobody asked for it; whoever has joined meanwhile asks in its own right.
            Log.RefreshFailed(services.Logger, target.Id, failure);
            flight.End(FlightState.Cancelled);
        }
        catch (FetchException failure)
        {
            Log.FetchFailed(services.Logger, target.Id, failure);
            flight.End(FlightState.Failed, services.Options.ErrorLinger, failure);
        }
        catch (Exception bug) when (bug is not OperationCanceledException || !deserted.IsCancellationRequested)
        {
            Log.FetchUnexpected(services.Logger, target.Id, bug);
            throw;
        }
        finally
        {
            _lease?.GiveUp();
            FlightState state = flight.State;
            services.Metrics?.ObjectEnded(state, flight.Participants, services.TimeProvider.GetElapsedTime(startedAt));
            _span.End(state == FlightState.Complete ? null : FetchMetrics.NameOf(state));
        }
    }

    /// <summary>In whose name the origin is asked, as a part of this fetch.</summary>
    private Requester Asking => requester with { Span = _span ?? requester.Span };

    private async Task AskAsync(Flight<ObjectFlightKey, ObjectAnswer> flight, long epoch, CancellationToken deserted)
    {
        long askedAt = services.TimeProvider.GetTimestamp();

        // What was dropped between the look and this epoch, as by a write, must not be brought back by a 304 to it.
        ObjectMetadata? known = FindStillKnown(epoch);
        OriginRead read = new()
        {
            Target = target,
            Requester = Asking,
            Method = plan.HeadersOnly ? HttpMethod.Head : HttpMethod.Get,
            Range = plan.Range,
            IfNoneMatch = known?.Version.ETag,
            Endpoint = endpoint,
        };
        OriginRead headers = read with { IfNoneMatch = null, Method = HttpMethod.Head, Range = null };
        bool headersOnly = plan.HeadersOnly;
        OriginAnswer? answer = null;
        try
        {
            answer = await SendAsync(read, deserted);
            if (answer.Status == 304 && known is not null)
            {
                if (MetadataReader.Renew(known, answer, askedAt, services.TimeProvider.GetUtcNow()) is { } renewed)
                {
                    Confirm(flight, answer, renewed, epoch, askedAt);
                    return;
                }

                // Same bytes perhaps, but other headers: only a full answer tells them.
                headersOnly = true;
                answer = await ReplaceAsync(flight, answer, headers, askedAt, epoch, deserted);
            }
            else if (answer.Status == 416)
            {
                // Beyond the end, or the object is empty; a 416 tells nothing about it.
                headersOnly = true;
                answer = await ReplaceAsync(flight, answer, headers, askedAt, epoch, deserted);
            }

            if (answer is null)
            {
                return;
            }

            if (answer.Status is not (200 or 206))
            {
                await RefuseAsync(flight, answer, askedAt, epoch, deserted);
                return;
            }

            Accept(flight, ref answer, headersOnly, epoch, askedAt);
        }
        finally
        {
            answer?.Dispose();
        }
    }

    /// <summary>What memory holds now of the version that this fetch was given to confirm, or what nothing has dropped since; null when it was dropped meanwhile.</summary>
    private ObjectMetadata? FindStillKnown(long epoch) =>
        stale is not null && services.Memory.FindMetadata(target.Id) is { } known && known.Version.Equals(stale.Version) ? known
        : KnownSince == epoch ? stale
        : _shared;

    private void Confirm(Flight<ObjectFlightKey, ObjectAnswer> flight, OriginAnswer answer, ObjectMetadata renewed, long epoch, long askedAt)
    {
        bool isForOneRequest = AnswerCheck.IsForOneRequest(answer, out NotShareableReason reason);
        if (isForOneRequest || target.Bucket.Cache.Forbids(renewed.Directives))
        {
            OriginAnswer? none = null;
            RefuseToShare(flight, isForOneRequest ? reason : ReasonOf(renewed.Directives), isWhole: false, askedAt, epoch, ref none);
            return;
        }

        Finish(flight, renewed, epoch, AnswerSource.Confirmed, run: null);
    }

    private async Task<OriginAnswer> SendAsync(OriginRead read, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await services.Origin.SendAsync(read, cancellationToken);
            }
            catch (FetchException failure) when (failure.Failure is FetchFailure.Unreachable or FetchFailure.Broken
                && attempt < MaxAttempts && requester.Class != FetchClass.Refresh && services.Origin.MayRepeat(target))
            {
                await Task.Delay(services.Options.ResumePause * attempt, services.TimeProvider, cancellationToken);
            }
        }
    }

    /// <summary>Asks again, with HEAD. Null when the client's signature is not good for one: each participant then asks for itself.</summary>
    private async Task<OriginAnswer?> ReplaceAsync(
        Flight<ObjectFlightKey, ObjectAnswer> flight, OriginAnswer answer, OriginRead read, long askedAt, long epoch, CancellationToken cancellationToken)
    {
        answer.Dispose();
        if (requester.MayAsk(read.Method, read.Range))
        {
            return await SendAsync(read, cancellationToken);
        }

        OriginAnswer? none = null;
        RefuseToShare(flight, NotShareableReason.AsSigned, isWhole: false, askedAt, epoch, ref none);
        return null;
    }

    private void Accept(Flight<ObjectFlightKey, ObjectAnswer> flight, ref OriginAnswer? answer, bool headersOnly, long epoch, long askedAt)
    {
        if (!requester.MayAskForRanges)
        {
            RefuseToShare(flight, NotShareableReason.AsSigned, isWhole: false, askedAt, epoch, ref answer);
            return;
        }

        AnswerExtent? checkedExtent = AnswerCheck.Extent(answer!, out NotShareableReason reason);
        if (checkedExtent is not { } extent)
        {
            RefuseToShare(flight, reason, isWhole: !headersOnly, askedAt, epoch, ref answer);
            return;
        }

        ObjectMetadata metadata = MetadataReader.Read(target.Id, answer!, extent, askedAt, services.TimeProvider.GetUtcNow());
        if (requester.Proof is { AsksForChecksums: false })
        {
            metadata = metadata with { KnowsChecksums = false };
        }

        if (target.Bucket.Cache.Forbids(metadata.Directives))
        {
            RefuseToShare(flight, ReasonOf(metadata.Directives), isWhole: !headersOnly, askedAt, epoch, ref answer);
            return;
        }

        if (stale is not null && stale.Version.Equals(metadata.Version))
        {
            // Slices are found by value anyway; one instance makes that cheap.
            metadata = metadata with { Version = stale.Version };
        }

        (Run Run, int First, int Last)? run = null;
        if (extent.Length > 0 && !headersOnly && WholeSlices(extent) is var (first, last) && first <= last)
        {
            OriginAnswer transfer = answer!;
            answer = null;

            // Should the transfer break, others may be reading by then: what is resumed is no refresh any more, which would be dropped.
            Requester reader = Asking with { Class = FetchClass.Demand };
            run = (Run.StartSponsored(services, target, metadata.Version, tables, reader, first, last, (transfer, extent.First), flight), first, last);
        }

        Finish(flight, metadata, epoch, AnswerSource.Origin, run);
    }

    /// <summary>The slices an answer carries whole.</summary>
    private (int First, int Last) WholeSlices(AnswerExtent extent)
    {
        SliceGeometry geometry = services.Geometry;
        int first = geometry.IndexOf(extent.First + geometry.SliceBytes - 1);
        long end = extent.First + extent.Length;
        int last = end == extent.SizeBytes ? geometry.LastOf(extent.SizeBytes) : geometry.IndexOf(end) - 1;
        return (first, last);
    }

    /// <summary>
    /// Keeps what was learnt, where it may be kept, after the run has claimed its slices, and tells it. Where another answer that overlapped this one contradicts it the
    /// flight ends without an answer: who came after that one was told must not hear of this, and the run goes with its last participant.
    /// </summary>
    private void Finish(Flight<ObjectFlightKey, ObjectAnswer> flight, ObjectMetadata metadata, long epoch, AnswerSource source, (Run Run, int First, int Last)? run)
    {
        metadata = _isUncertain ? metadata with { IsSuspect = true } : metadata;
        services.Epochs.TryCommit(metadata, epoch, out bool isContradicted);
        Share(metadata, epoch, isContradicted, run);
        if (isContradicted && !IsInsistent)
        {
            flight.End(FlightState.Cancelled);
            return;
        }

        if (services.Epochs.IsUncertain(target.Id))
        {
            // Nothing is kept that could contradict what the flight of the other kind is told.
            tables.Objects.Detach(Other(flight));
        }
        else
        {
            tables.Objects.DetachEnded(Other(flight));
        }

        flight.Complete(new ObjectAnswer.Found(metadata, source, run?.Run) { Span = _span });
    }

    /// <summary>The flight for the headers of this object or, if that is <paramref name="flight"/>, for its bytes.</summary>
    private static ObjectFlightKey Other(Flight<ObjectFlightKey, ObjectAnswer> flight) => flight.Key with { HeadersOnly = !flight.Key.HeadersOnly };

    private static NotShareableReason ReasonOf(CacheDirectives directives) =>
        directives.ForbidsStoring ? NotShareableReason.NoStore : NotShareableReason.Private;

    /// <summary>
    /// Lets each participant ask for itself, and one take <paramref name="answer"/>, which is given up then, if it is a whole object and suits a single reader.
    /// </summary>
    private void RefuseToShare(Flight<ObjectFlightKey, ObjectAnswer> flight, NotShareableReason reason, bool isWhole, long askedAt, long epoch, ref OriginAnswer? answer)
    {
        // What is known is not what the origin has now; before the outcome, so that nobody who hears it finds the old answer afterwards.
        bool isLatest = services.Epochs.Contradict(target.Id, askedAt, epoch);
        ForgetEverywhere();
        if (reason.WillHoldAgain())
        {
            tables.Uncacheable.Set(target.Id, reason, services.Options.UncacheableTtl);
        }

        _lease?.LetAll(reason.WillHoldAgain() ? services.Options.UncacheableTtl : TimeSpan.Zero);

        AnswerHandover? handover = null;
        if (isWhole && isLatest && answer is { Status: 200 } && reason.SuitsOneReader())
        {
            handover = new AnswerHandover(answer);
            answer = null;
        }

        if (!flight.Complete(new ObjectAnswer.NotShareable(reason, new ReleaseGate(services.Options.ReleaseBatch), handover) { Span = _span }))
        {
            handover?.Dispose();
        }
        else if (handover is not null)
        {
            flight.Deserted.UnsafeRegister(static handover => ((AnswerHandover)handover!).Dispose(), handover);
        }
    }

    private async Task RefuseAsync(Flight<ObjectFlightKey, ObjectAnswer> flight, OriginAnswer answer, long askedAt, long epoch, CancellationToken cancellationToken)
    {
        // Whether or not it was what this fetch asked about: nobody may be told of the object after somebody was told that it is gone.
        if (answer.Status is 404 or 410)
        {
            bool isLatest = services.Epochs.Contradict(target.Id, askedAt, epoch);
            ForgetEverywhere();

            // A fetch of the other kind may have been asked before; who comes from now on must not join it.
            tables.Objects.Detach(Other(flight));
            if (!isLatest && !IsInsistent)
            {
                flight.End(FlightState.Cancelled);
                return;
            }
        }

        if (answer.Status < 500)
        {
            // It is about the object or the request, and each replica will hear it; they need not wait for one another.
            _lease?.LetAll(AloneAfterRefusal);
        }

        byte[]? body = await ReadErrorAsync(answer, cancellationToken);
        if (body is null)
        {
            flight.Complete(new ObjectAnswer.NotShareable(NotShareableReason.LargeError, new ReleaseGate(services.Options.ReleaseBatch), Handover: null) { Span = _span });
            return;
        }

        TimeSpan linger = answer.Status switch
        {
            _ when body.Length > services.Options.MaxLingeringErrorBytes => TimeSpan.Zero,
            404 when !services.Epochs.IsUncertain(target.Id) => target.Bucket.Cache.NegativeLifetime,
            >= 500 => services.Options.ErrorLinger,
            _ => TimeSpan.Zero,
        };
        long answeredAt = services.TimeProvider.GetTimestamp();
        flight.Complete(new ObjectAnswer.Refused(answer.Status, MetadataReader.EndToEnd(answer), body, answeredAt) { Span = _span }, linger);
    }

    /// <summary>The body of an error, or null when it is too large to be shared.</summary>
    private async Task<byte[]?> ReadErrorAsync(OriginAnswer answer, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = new(target.Bucket.Origin.Timeouts.NoProgress, services.TimeProvider);
        using CancellationTokenSource bounded = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        byte[] buffer = new byte[services.Options.MaxSharedErrorBytes + 1];
        int length = 0;
        try
        {
            int read;
            while (length < buffer.Length && (read = await answer.Body.ReadAsync(buffer.AsMemory(length), bounded.Token)) > 0)
            {
                length += read;
            }
        }
        catch (Exception error) when (error is IOException or HttpRequestException)
        {
            services.Origin.ReportBroken(answer);
            throw new FetchException(FetchFailure.Broken, $"The origin's answer {answer.Status} for {target.Id} broke off.", error);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new FetchException(FetchFailure.TimedOut, $"The origin's answer {answer.Status} for {target.Id} did not come to its end.");
        }

        return length < buffer.Length ? buffer[..length] : null;
    }
}
