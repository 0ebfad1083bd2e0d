using System.Globalization;
using S3Proxy.Caching;
using S3Proxy.Coalescing.Statistics;
using S3Proxy.Configuration;
using S3Proxy.Fetching;
using S3Proxy.Forwarding.Mapping;
using S3Proxy.Protocol;
using S3Proxy.Telemetry;
using S3Proxy.Transport;

namespace S3Proxy.Responding;

/// <summary>
/// Answers reads of objects from slices: conditions, range, headers, body (requirements S2, S3, S4, F3). The one place where a shared fetch becomes one
/// client's response.
/// </summary>
/// <remarks>Stateless but for its services; one for the whole process. The client's own token ends only the client's own response.</remarks>
internal sealed partial class ObjectResponder(FetchServices services, MetadataFinder finder, ProxyMetrics metrics, UsageStatistics<ObjectId, UsageTenant> usage)
{
    /// <summary>How often a response that has sent nothing starts again because the object changed under it (requirement F7).</summary>
    private const int MaxRestarts = 3;

    private static readonly Task<bool> NotAnswered = Task.FromResult(false);
    private readonly AnswerRelay _relay = new(services, metrics);

    /// <summary>
    /// Answers from memory without entering the proxy pipeline: metadata that may be told, and the first byte there. False when that is not so; nothing has been
    /// written then.
    /// </summary>
    public Task<bool> TryAnswerFromMemoryAsync(ReadContext read)
    {
        if (finder.FindServable(read) is not { Metadata: { } metadata } obtained)
        {
            return NotAnswered;
        }

        ResponsePlan plan = ResponsePlan.For(read, metadata);
        if (plan.HasBody(read) && services.Memory.FindSlice(new SliceKey(metadata.Version, services.Geometry.IndexOf(plan.First))) is null)
        {
            read.Reason = RequestReason.NoSlice;
            read.Observation?.Trail?.Add("slice", ("state", "absent"));
            return NotAnswered;
        }

        return AnswerFromMemoryAsync(read, obtained);
    }

    /// <summary>
    /// Answers through flights. False when the read must be forwarded instead, for itself alone; nothing has been written then.
    /// </summary>
    public async Task<bool> TryAnswerAsync(ReadContext read)
    {
        CancellationToken aborted = read.Http.RequestAborted;
        try
        {
            for (int restart = 0; ; restart++)
            {
                try
                {
                    using ObtainedMetadata obtained = await finder.FindAsync(read, aborted);
                    return await AnswerAsync(read, obtained, aborted);
                }
                catch (FetchException failure) when (failure.Failure == FetchFailure.Changed && restart < MaxRestarts && !read.Http.Response.HasStarted)
                {
                    Log.Restarted(services.Logger, read.Target.Id, restart + 1);
                    read.TakeBack();
                }
            }
        }
        catch (FetchException failure) when (failure.Failure is FetchFailure.OutOfMemory or FetchFailure.NotAsSigned && !read.Http.Response.HasStarted)
        {
            return LeaveToForwarding(read, failure);
        }
        catch (FetchException failure)
        {
            await FailAsync(read, failure);
            return true;
        }
        catch (OperationCanceledException) when (aborted.IsCancellationRequested)
        {
            EndCancelled(read);
            return true;
        }
    }

    private async Task<bool> AnswerFromMemoryAsync(ReadContext read, ObtainedMetadata obtained)
    {
        CancellationToken aborted = read.Http.RequestAborted;
        try
        {
            return await AnswerAsync(read, obtained, aborted);
        }
        catch (FetchException failure) when (failure.Failure is FetchFailure.Changed or FetchFailure.OutOfMemory or FetchFailure.NotAsSigned && !read.Http.Response.HasStarted)
        {
            // The slice was evicted just now, and the origin has no more of that version: as if it had never been here.
            return LeaveToForwarding(read, failure);
        }
        catch (FetchException failure)
        {
            await FailAsync(read, failure);
        }
        catch (OperationCanceledException) when (aborted.IsCancellationRequested)
        {
            EndCancelled(read);
        }

        return true;
    }

    private async Task<bool> AnswerAsync(ReadContext read, ObtainedMetadata obtained, CancellationToken aborted)
    {
        switch (obtained.Other)
        {
            case ObjectAnswer.NotShareable notShareable:
                return await AnswerAloneAsync(read, notShareable, obtained, aborted);
            case ObjectAnswer.Refused refused:
                await RefuseAsync(read, refused, obtained.Origin);
                return true;
        }

        ObjectMetadata metadata = obtained.Metadata!;
        ResponsePlan plan = ResponsePlan.For(read, metadata);
        if (!plan.HasBody(read))
        {
            CacheOutcome told = OutcomeOf(obtained, firstSlice: null);
            await AnswerWithoutBodyAsync(read, metadata, plan, told, TierOf(obtained.Origin));
            return true;
        }

        bool isOpenEnded = read.Range?.LastByte is null;
        using SequentialRead sequence = isOpenEnded || read.Mode == CoalescingMode.Off || !read.Requester.MayAskForRanges ? default : services.Sequences.Begin(read.Client, metadata.Version, plan.First, plan.Last);
        using SliceWalker walker = new(services, read.Tables, read.Target, metadata.Version, read.Requester, plan.Last, isOpenEnded) { ReadAhead = sequence };
        if (obtained.Run is { } run)
        {
            walker.Follow(run, plan.First);
        }

        SliceOrigin firstSlice = await walker.OpenAsync(plan.First, aborted);
        obtained.Dispose();
        walker.StartReadAhead();
        if (read.Mode == CoalescingMode.Buffered && plan.Length <= Math.Min(services.Memory.BudgetBytes / 4, (read.Target.Bucket.MemoryQuotaBytes ?? long.MaxValue) / 2))
        {
            await walker.AwaitWholeAsync(plan.First, plan.Last, aborted);
        }

        CacheOutcome outcome = OutcomeOf(obtained, firstSlice);
        WriteHeaders(read, metadata, plan, outcome, TierOf(firstSlice));
        long sent = await walker.CopyAsync(read.Http.Response.BodyWriter, DirectBody.Of(read.Http, plan.Length), plan.First, plan.Last, aborted);
        Count(read, outcome, sent);
        if (sent < plan.Length)
        {
            EndAborted(read);
        }

        return true;
    }

    /// <summary>
    /// An answer that may not be shared: one reader takes it, the others are forwarded, so many at a time (requirement F8). False for those.
    /// </summary>
    private async Task<bool> AnswerAloneAsync(ReadContext read, ObjectAnswer.NotShareable notShareable, ObtainedMetadata obtained, CancellationToken aborted)
    {
        read.Reason = RequestReasons.Of(notShareable.Reason);
        read.Observation?.Trail?.Add("forward", ("reason", read.Reason.ToWire()));
        if (AnswerRelay.Suits(read) && notShareable.Handover?.Take() is { } answer)
        {
            await _relay.SendAsync(read, answer, aborted);
            return true;
        }

        // The wait for a turn holds nothing, least of all the answer that nobody took.
        obtained.Dispose();
        read.Turn?.Dispose();
        if (notShareable.Gate is { } gate)
        {
            read.Turn = await gate.EnterAsync(services.Options.ReleaseWaitLimit, services.TimeProvider, aborted)
                ?? throw new FetchException(FetchFailure.Contended, $"{read.Target.Id} cannot be shared, and no turn came within {services.Options.ReleaseWaitLimit}.");
        }

        return false;
    }

    private static CacheOutcome OutcomeOf(in ObtainedMetadata obtained, SliceOrigin? firstSlice)
    {
        if (obtained.Origin is SliceOrigin.Led or SliceOrigin.Joined && !obtained.Revalidated)
        {
            return obtained.Origin == SliceOrigin.Led ? CacheOutcome.Miss : CacheOutcome.Coalesced;
        }

        return firstSlice switch
        {
            SliceOrigin.Led => CacheOutcome.Miss,
            SliceOrigin.Joined => CacheOutcome.Coalesced,
            _ when obtained.IsStale => CacheOutcome.Stale,
            _ => obtained.Revalidated ? CacheOutcome.Revalidated : CacheOutcome.Hit,
        };
    }

    private static CacheTier TierOf(SliceOrigin origin) => origin == SliceOrigin.Kept ? CacheTier.Redis : CacheTier.Memory;

    private async Task AnswerWithoutBodyAsync(ReadContext read, ObjectMetadata metadata, ResponsePlan plan, CacheOutcome outcome, CacheTier tier)
    {
        HttpContext http = read.Http;
        switch (plan.Status)
        {
            case StatusCodes.Status304NotModified:
                WriteNotModified(read, metadata, outcome, tier);
                await http.Response.StartAsync(http.RequestAborted);
                break;
            case StatusCodes.Status412PreconditionFailed:
                WriteCacheHeaders(read, metadata, outcome, tier);
                await S3ErrorWriter.WriteAsync(http, S3Errors.PreconditionFailed(read.Conditions.IfMatch is null ? "If-Unmodified-Since" : "If-Match"), read.Request.Resource);
                break;
            case StatusCodes.Status416RangeNotSatisfiable:
                WriteCacheHeaders(read, metadata, outcome, tier);
                http.Response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes */{metadata.SizeBytes}");
                await S3ErrorWriter.WriteAsync(http, S3Errors.InvalidRange(http.Request.Headers.Range.ToString(), metadata.SizeBytes), read.Request.Resource);
                break;
            default:
                WriteHeaders(read, metadata, plan, outcome, tier);
                await http.Response.StartAsync(http.RequestAborted);
                break;
        }

        Count(read, outcome, 0);
    }

    private void WriteHeaders(ReadContext read, ObjectMetadata metadata, ResponsePlan plan, CacheOutcome outcome, CacheTier tier)
    {
        HttpResponse response = read.Http.Response;
        response.StatusCode = plan.Status;
        ObjectHeaders.Write(response, metadata, includeChecksums: read.WantsChecksums && plan.Status == StatusCodes.Status200OK);
        for (int i = 0; i < read.Overrides.Count; i++)
        {
            response.Headers[read.Overrides[i].Key] = read.Overrides[i].Value;
        }

        response.ContentLength = plan.Length;
        if (plan.Status == StatusCodes.Status206PartialContent)
        {
            response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {plan.First}-{plan.Last}/{metadata.SizeBytes}");
        }

        WriteCacheHeaders(read, metadata, outcome, tier);
    }

    private void WriteCacheHeaders(ReadContext read, ObjectMetadata metadata, CacheOutcome outcome, CacheTier tier)
    {
        read.Answer(outcome, services.TimeProvider.GetElapsedTime(read.ReceivedAt), tier);
        CacheHeaders.Write(read.Http.Response, outcome, tier, Freshness.Of(metadata, read.Rule, services.TimeProvider).TimeToLive);
    }

    private async Task RefuseAsync(ReadContext read, ObjectAnswer.Refused refused, SliceOrigin origin)
    {
        CacheOutcome outcome = origin == SliceOrigin.Led ? CacheOutcome.Miss : CacheOutcome.Coalesced;
        HttpResponse response = read.Http.Response;
        read.Answer(outcome, services.TimeProvider.GetElapsedTime(read.ReceivedAt));
        CacheHeaders.Write(response, outcome);
        Count(read, outcome, 0);
        if (refused.Body.IsEmpty && !read.IsHead && refused.Status >= 400)
        {
            // Learnt by a HEAD, which has no body to pass on.
            await S3ErrorWriter.WriteAsync(read.Http, S3Errors.ForStatus(refused.Status), read.Request.Resource);
            return;
        }

        using XmlMappingResult? mapped = await MapNamesAsync(read, refused);
        if (mapped is { Failure: not (XmlMappingFailure.None or XmlMappingFailure.Empty) })
        {
            await S3ErrorWriter.WriteAsync(read.Http, S3Errors.ForStatus(refused.Status), read.Request.Resource);
            return;
        }

        response.StatusCode = refused.Status;
        ObjectHeaders.WriteRequestId(response);
        foreach (HeaderField field in refused.Headers)
        {
            response.Headers[field.Name] = field.Value;
        }

        if (!read.IsHead)
        {
            ReadOnlyMemory<byte> body = mapped?.Body ?? refused.Body;
            response.ContentLength = body.Length;
            await response.BodyWriter.WriteAsync(body, read.Http.RequestAborted);
        }

        await response.StartAsync(read.Http.RequestAborted);
    }

    /// <summary>The origin's error document in this client's names (requirement S1); null where they are the origin's own, or nothing is told.</summary>
    private static async ValueTask<XmlMappingResult?> MapNamesAsync(ReadContext read, ObjectAnswer.Refused refused)
    {
        if (!read.Route.RenamesKeys || read.IsHead)
        {
            return null;
        }

        using Stream document = new MemoryStream(refused.Body.ToArray(), writable: false);
        XmlMappingContext names = new() { Request = read.Request, Route = read.Route };
        return await ResponseXmlMapping.MapAsync(document, names, keepAlive: null, read.Http.RequestAborted);
    }

    /// <summary>A failed read is an S3 error while nothing is sent; after that the connection is cut, so that no client takes the part for the whole.</summary>
    private async Task FailAsync(ReadContext read, FetchException failure)
    {
        Log.ReadFailed(services.Logger, read.Target.Id, failure);
        metrics.ReadFailed(read.Request.Operation, failure.Failure);
        if (read.Http.Response.HasStarted)
        {
            CountFirstByte(read);
            read.Fail(RequestReasons.Of(failure.Failure));
            read.Http.Abort();
            return;
        }

        read.TakeBack();
        read.Fail(RequestReasons.Of(failure.Failure));
        await S3ErrorWriter.WriteAsync(read.Http, FetchFailures.ToS3(failure.Failure), read.Request.Resource);
    }

    /// <summary>False for whoever answers: nothing of this answer was sent, and the origin is to answer this read alone.</summary>
    private static bool LeaveToForwarding(ReadContext read, FetchException failure)
    {
        read.TakeBack();
        read.Reason = RequestReasons.Of(failure.Failure);
        read.Observation?.Trail?.Add("forward", ("reason", read.Reason.ToWire()));
        return false;
    }

    /// <summary>Counts the first byte of an answer that stays; not of one that may yet be taken back.</summary>
    private void CountFirstByte(ReadContext read)
    {
        if (read.TryTakeFirstByte(out TimeSpan firstByte))
        {
            metrics.FirstByte(read.Request.Operation, read.Outcome!.Value, read.Tier, firstByte);
        }
    }

    private void Count(ReadContext read, CacheOutcome outcome, long bodyBytes)
    {
        CountFirstByte(read);
        metrics.Served(read.Request.Operation, outcome, bodyBytes);
        usage.Record(read.Target.Id, new UsageTenant(read.Route.ClientBucket.Value, read.Client), bodyBytes, SavingOf(outcome));
        if (read.Observation is { } observation)
        {
            observation.BodyBytes = bodyBytes;
        }
    }

    /// <summary>What an answer would have cost without the cache and did not.</summary>
    private static UsageSaving SavingOf(CacheOutcome outcome) => outcome switch
    {
        CacheOutcome.Hit or CacheOutcome.Stale or CacheOutcome.Coalesced => UsageSaving.RequestAndBytes,
        CacheOutcome.Revalidated => UsageSaving.Bytes,
        _ => UsageSaving.None,
    };

    /// <summary>The client left before its answer was whole; what was sent of it was not counted yet.</summary>
    private void EndCancelled(ReadContext read)
    {
        if (read.Http.Response.HasStarted)
        {
            CountFirstByte(read);
        }

        EndAborted(read);
    }

    private static void EndAborted(ReadContext read)
    {
        if (read.Outcome is null)
        {
            read.Fail(RequestReason.ClientLeft);
        }

        if (read.Http.Response.HasStarted)
        {
            read.Http.Abort();
        }
        else
        {
            read.Http.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        }
    }
}
