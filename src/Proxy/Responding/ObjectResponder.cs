using System.Globalization;
using S3Proxy.Caching;
using S3Proxy.Coalescing.Statistics;
using S3Proxy.Configuration;
using S3Proxy.Fetching;
using S3Proxy.Forwarding.Mapping;
using S3Proxy.Protocol;
using S3Proxy.Telemetry;

namespace S3Proxy.Responding;

/// <summary>
/// Answers reads of objects from slices: conditions, range, headers, body (requirements S2, S3, S4, F3). The one place where a shared fetch becomes one
/// client's response.
/// </summary>
/// <remarks>Stateless but for its services; one for the whole process. The client's own token ends only the client's own response.</remarks>
internal sealed class ObjectResponder(FetchServices services, MetadataFinder finder, ProxyMetrics metrics, UsageStatistics<ObjectId, UsageTenant> usage)
{
    /// <summary>How often a response that has sent nothing starts again because the object changed under it (requirement F7).</summary>
    private const int MaxRestarts = 3;

    private static readonly Task<bool> NotAnswered = Task.FromResult(false);

    /// <summary>
    /// Answers from memory without entering the proxy pipeline: metadata fresh, and the first byte there. False when that is not so; nothing has been
    /// written then.
    /// </summary>
    public Task<bool> TryAnswerFromMemoryAsync(ReadContext read)
    {
        if (finder.FindFresh(read) is not { } metadata)
        {
            return NotAnswered;
        }

        ResponsePlan plan = Plan(read, metadata);
        bool hasBody = plan.Status is 200 or 206 && !read.IsHead && plan.Length > 0;
        if (hasBody && services.Memory.FindSlice(new SliceKey(metadata.Version, services.Geometry.IndexOf(plan.First))) is null)
        {
            return NotAnswered;
        }

        ObtainedMetadata obtained = new(metadata, null, SliceOrigin.Tier, revalidated: false, run: null, default);
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
                    read.Http.Response.Clear();
                }
            }
        }
        catch (FetchException failure) when (failure.Failure == FetchFailure.OutOfMemory && !read.Http.Response.HasStarted)
        {
            read.Http.Response.Clear();
            return false;
        }
        catch (FetchException failure)
        {
            await FailAsync(read, failure);
            return true;
        }
        catch (OperationCanceledException) when (aborted.IsCancellationRequested)
        {
            EndAborted(read);
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
        catch (FetchException failure) when (failure.Failure is FetchFailure.Changed or FetchFailure.OutOfMemory && !read.Http.Response.HasStarted)
        {
            // The slice was evicted just now, and the origin has no more of that version: as if it had never been here.
            read.Http.Response.Clear();
            return false;
        }
        catch (FetchException failure)
        {
            await FailAsync(read, failure);
        }
        catch (OperationCanceledException) when (aborted.IsCancellationRequested)
        {
            EndAborted(read);
        }

        return true;
    }

    private async Task<bool> AnswerAsync(ReadContext read, ObtainedMetadata obtained, CancellationToken aborted)
    {
        switch (obtained.Other)
        {
            case ObjectAnswer.NotShareable:
                return false;
            case ObjectAnswer.Refused refused:
                await RefuseAsync(read, refused, obtained.Origin);
                return true;
        }

        ObjectMetadata metadata = obtained.Metadata!;
        ResponsePlan plan = Plan(read, metadata);
        if (plan.Status is not (200 or 206) || read.IsHead || plan.Length == 0)
        {
            await AnswerWithoutBodyAsync(read, metadata, plan, OutcomeOf(obtained, firstSlice: null));
            return true;
        }

        bool isOpenEnded = read.Range?.LastByte is null;
        using SliceWalker walker = new(services, read.Tables, read.Target, metadata.Version, read.Client, plan.Last, isOpenEnded);
        if (obtained.Run is { } run)
        {
            walker.Follow(run, plan.First);
        }

        SliceOrigin firstSlice = await walker.OpenAsync(plan.First, aborted);
        obtained.Dispose();
        if (read.Mode == CoalescingMode.Buffered && plan.Length <= services.Memory.BudgetBytes / 4)
        {
            await walker.AwaitWholeAsync(plan.First, plan.Last, aborted);
        }

        CacheOutcome outcome = OutcomeOf(obtained, firstSlice);
        WriteHeaders(read, metadata, plan, outcome);
        long sent = await walker.CopyAsync(read.Http.Response.BodyWriter, plan.First, plan.Last, aborted);
        Count(read, outcome, sent);
        if (sent < plan.Length)
        {
            EndAborted(read);
        }

        return true;
    }

    /// <summary>What the read comes to for this version: S3's precedence of conditions first, then the range.</summary>
    private static ResponsePlan Plan(ReadContext read, ObjectMetadata metadata)
    {
        switch (read.Conditions.Evaluate(metadata.Version.Tag, metadata.LastModified))
        {
            case ConditionalOutcome.NotModified:
                return new ResponsePlan(StatusCodes.Status304NotModified, 0, 0);
            case ConditionalOutcome.PreconditionFailed:
                return new ResponsePlan(StatusCodes.Status412PreconditionFailed, 0, 0);
        }

        long size = metadata.SizeBytes;
        if (read.Range is not { } range || !read.Conditions.AllowsRange(metadata.Version.Tag, metadata.LastModified))
        {
            return new ResponsePlan(StatusCodes.Status200OK, 0, size);
        }

        ByteRangeResolution resolved = range.Resolve(size);
        return resolved.IsSatisfiable
            ? new ResponsePlan(StatusCodes.Status206PartialContent, resolved.FirstByte, resolved.LengthBytes)
            : new ResponsePlan(StatusCodes.Status416RangeNotSatisfiable, 0, 0);
    }

    private static CacheOutcome OutcomeOf(in ObtainedMetadata obtained, SliceOrigin? firstSlice)
    {
        if (obtained.Origin != SliceOrigin.Tier && !obtained.Revalidated)
        {
            return obtained.Origin == SliceOrigin.Led ? CacheOutcome.Miss : CacheOutcome.Coalesced;
        }

        return firstSlice switch
        {
            SliceOrigin.Led => CacheOutcome.Miss,
            SliceOrigin.Joined => CacheOutcome.Coalesced,
            _ => obtained.Revalidated ? CacheOutcome.Revalidated : CacheOutcome.Hit,
        };
    }

    private async Task AnswerWithoutBodyAsync(ReadContext read, ObjectMetadata metadata, ResponsePlan plan, CacheOutcome outcome)
    {
        HttpContext http = read.Http;
        switch (plan.Status)
        {
            case StatusCodes.Status304NotModified:
                CacheHeaders.Write(http.Response, outcome, metadata, services.TimeProvider);
                ObjectHeaders.WriteNotModified(http.Response, metadata);
                http.Response.StatusCode = plan.Status;
                await http.Response.StartAsync(http.RequestAborted);
                break;
            case StatusCodes.Status412PreconditionFailed:
                CacheHeaders.Write(http.Response, outcome, metadata, services.TimeProvider);
                await S3ErrorWriter.WriteAsync(http, S3Errors.PreconditionFailed(read.Conditions.IfMatch is null ? "If-Unmodified-Since" : "If-Match"), read.Request.Resource);
                break;
            case StatusCodes.Status416RangeNotSatisfiable:
                CacheHeaders.Write(http.Response, outcome, metadata, services.TimeProvider);
                http.Response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes */{metadata.SizeBytes}");
                await S3ErrorWriter.WriteAsync(http, S3Errors.InvalidRange(http.Request.Headers.Range.ToString(), metadata.SizeBytes), read.Request.Resource);
                break;
            default:
                WriteHeaders(read, metadata, plan, outcome);
                await http.Response.StartAsync(http.RequestAborted);
                break;
        }

        Count(read, outcome, 0);
    }

    private void WriteHeaders(ReadContext read, ObjectMetadata metadata, ResponsePlan plan, CacheOutcome outcome)
    {
        HttpResponse response = read.Http.Response;
        response.StatusCode = plan.Status;
        ObjectHeaders.Write(response, metadata, includeChecksums: read.WantsChecksums && plan.Status == StatusCodes.Status200OK);
        response.ContentLength = plan.Length;
        if (plan.Status == StatusCodes.Status206PartialContent)
        {
            response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {plan.First}-{plan.Last}/{metadata.SizeBytes}");
        }

        CacheHeaders.Write(response, outcome, metadata, services.TimeProvider);
        metrics.FirstByte(outcome, services.TimeProvider.GetElapsedTime(read.ReceivedAt));
    }

    private async Task RefuseAsync(ReadContext read, ObjectAnswer.Refused refused, SliceOrigin origin)
    {
        CacheOutcome outcome = origin == SliceOrigin.Led ? CacheOutcome.Miss : CacheOutcome.Coalesced;
        HttpResponse response = read.Http.Response;
        CacheHeaders.Write(response, outcome, metadata: null, services.TimeProvider);
        metrics.FirstByte(outcome, services.TimeProvider.GetElapsedTime(read.ReceivedAt));
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
        Log.ReadFailed(services.Logger, read.Target.Id, failure.Failure, failure);
        metrics.ReadFailed(read.Request.Operation, failure.Failure);
        if (read.Http.Response.HasStarted)
        {
            read.Http.Abort();
            return;
        }

        read.Http.Response.Clear();
        await S3ErrorWriter.WriteAsync(read.Http, FetchFailures.ToS3(failure.Failure), read.Request.Resource);
    }

    private void Count(ReadContext read, CacheOutcome outcome, long bodyBytes)
    {
        metrics.Served(read.Request.Operation, outcome, bodyBytes);
        usage.Record(read.Target.Id, new UsageTenant(read.Route.ClientBucket.Value, read.Client), bodyBytes);
    }

    private static void EndAborted(ReadContext read)
    {
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
