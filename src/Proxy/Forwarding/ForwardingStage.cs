using S3Proxy.Fetching;
using S3Proxy.Forwarding.Mapping;
using S3Proxy.Forwarding.Uploads;
using S3Proxy.Invalidation;
using S3Proxy.Origin;
using S3Proxy.Pipeline;
using S3Proxy.Protocol;
using S3Proxy.Protocol.SigV4;
using S3Proxy.Routing;
using S3Proxy.Telemetry;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace S3Proxy.Forwarding;

/// <summary>
/// Takes a request through YARP: prepares what the origin must see, records the intent of a write before it is sent, and answers in S3's form when the origin could
/// not be reached (requirements S1, S6, S9, I1, I3).
/// </summary>
internal sealed class ForwardingStage(WriteTracker writes, ProxyMetrics metrics, ILogger<ForwardingStage> logger)
{
    public async Task InvokeAsync(HttpContext http, ProxyRequest request, RequestDelegate next)
    {
        UploadBody? opened = null;
        S3Error? refusal = request.Route is { } route ? MappedBucketPolicy.Refuse(request.S3, route) : null;
        if (refusal is null && TryPrepare(http, request, out refusal))
        {
            (opened, refusal) = await OpenBodyAsync(http, request);
        }

        using UploadBody? upload = opened;
        request.Upload = upload;
        if (refusal is not null)
        {
            if (request.Form is not null)
            {
                metrics.UploadRefused(refusal.Code);
            }

            await S3ErrorWriter.WriteAsync(http, refusal, request.S3.Resource);
            return;
        }

        using DeleteObjectsForwarding? deletes = request.S3.Operation == S3Operation.DeleteObjects ? new DeleteObjectsForwarding() : null;
        if (await ReadAheadAsync(http, request, deletes) is { } error)
        {
            await AnswerRefusalAsync(http, request, error);
            return;
        }

        await using WriteIntent? intent = await BeginWriteAsync(request, deletes, http.RequestAborted);
        request.Write = intent;
        try
        {
            await ForwardAsync(http, request, next);
        }
        finally
        {
            request.Read?.Turn?.Dispose();
            EndExchange(http, request);
        }

        if (intent is not null && WasNeverSent(http))
        {
            await intent.NotSentAsync();
        }

        await AnswerFailureAsync(http, request);
    }

    private static void EndExchange(HttpContext http, ProxyRequest request)
    {
        if (!request.IsAnswered)
        {
            request.Exchange?.Failed(FailureOf(http));
        }

        request.Exchange?.Dispose();
    }

    /// <summary>Why the origin has not answered: the client left or its body ended early, the origin took too long, or it could not be reached.</summary>
    private static string FailureOf(HttpContext http) => http.Features.Get<IForwarderErrorFeature>()?.Error switch
    {
        _ when http.RequestAborted.IsCancellationRequested => OriginExchange.Cancelled,
        ForwarderError.RequestCanceled or ForwarderError.RequestBodyClient or ForwarderError.RequestBodyCanceled => OriginExchange.Cancelled,
        ForwarderError.RequestTimedOut => MetricTags.NameOf(FetchFailure.TimedOut),
        _ => MetricTags.NameOf(FetchFailure.Unreachable),
    };

    /// <summary>Makes the request's body the one that the origin must get.</summary>
    private static async ValueTask<(UploadBody? Body, S3Error? Error)> OpenBodyAsync(HttpContext http, ProxyRequest request)
    {
        if (request.Form is { } form && !request.Identity.IsJudgedByOrigin)
        {
            return await form.OpenAsync(http);
        }

        _ = UploadBody.TryOpen(http, request, out UploadBody? body, out S3Error? error);
        return (body, error);
    }

    /// <summary>Reads what must be known of the body before anything is sent; the error when it is not to be sent.</summary>
    private static async Task<S3Error?> ReadAheadAsync(HttpContext http, ProxyRequest request, DeleteObjectsForwarding? deletes)
    {
        if (deletes is not null)
        {
            return await deletes.PrepareAsync(http, request);
        }

        return request.Upload is { } upload ? await upload.VerifyIfEmptyAsync(http.RequestAborted) : null;
    }

    /// <summary>
    /// Goes through YARP, once more for each further endpoint of the origin while none could be connected to: then nothing was sent, not even a byte of the body, and
    /// YARP's turns bring another endpoint (requirement R1).
    /// </summary>
    private static async Task ForwardAsync(HttpContext http, ProxyRequest request, RequestDelegate next)
    {
        await next(http);
        for (int others = request.Origin.Endpoints.Count - 1; others > 0 && WasNeverSent(http); others--)
        {
            http.Features.Set<IForwarderErrorFeature>(null);
            http.Response.Clear();
            await next(http);
        }
    }

    private static bool WasNeverSent(HttpContext http) =>
        !http.Response.HasStarted && !http.RequestAborted.IsCancellationRequested
        && http.Features.Get<IForwarderErrorFeature>() is { Error: ForwarderError.Request, Exception: { } exception } && ForwardingFailure.IsOfConnecting(exception);

    private static bool TryPrepare(HttpContext http, ProxyRequest request, out S3Error? error)
    {
        error = null;
        if (request.Identity.IsJudgedByOrigin)
        {
            return true;
        }

        IReadOnlyList<KeyValuePair<string, string>>? items;
        if (request.Route is not { } route)
        {
            items = RequestQueryMapping.WithoutPresignParameters(request.S3.Query);
        }
        else if (!RequestQueryMapping.TryMap(request.S3, route, out items, out error))
        {
            return false;
        }

        request.OriginQuery = CanonicalQuery.Build(items);
        if (request.S3.CopySource is not { } copied || request.Route is null)
        {
            return true;
        }

        if (!CopySourceMapping.TryMap(copied, request.Route, bucket => FindRoute(request, bucket), out CopySourceMapping? source, out error))
        {
            return false;
        }

        http.Request.Headers[S3Headers.CopySource] = source.HeaderValue;
        return true;
    }

    private static BucketRoute? FindRoute(ProxyRequest request, BucketName bucket) => request.Snapshot.Router.TryRoute(bucket, out BucketRoute? route) ? route : null;

    /// <summary>Records the intent of what will change reads; null for what changes none.</summary>
    private async ValueTask<WriteIntent?> BeginWriteAsync(ProxyRequest request, DeleteObjectsForwarding? deletes, CancellationToken cancellationToken) => WriteScopes.Of(request.S3) switch
    {
        WriteScope.Object => await writes.BeginAsync([request.ObjectId!], cancellationToken),
        WriteScope.ObjectsInBody => await writes.BeginAsync(deletes!.Objects, cancellationToken),
        WriteScope.Bucket => writes.Begin(request.BucketId!.Value),
        _ => null,
    };

    private async Task AnswerFailureAsync(HttpContext http, ProxyRequest request)
    {
        if (http.Features.Get<IForwarderErrorFeature>() is not { } failure)
        {
            return;
        }

        if (request.Upload?.Refusal is null)
        {
            string? endpoint = http.Features.Get<IReverseProxyFeature>()?.ProxiedDestination?.Model.Config.Address;
            Log.ForwardingFailed(logger, request, endpoint, new ForwardingFailure(failure.Error, failure.Exception));
        }

        if (http.Response.HasStarted)
        {
            return;
        }

        if (request.Upload?.Refusal is { } refusal)
        {
            http.Response.Clear();
            await AnswerRefusalAsync(http, request, refusal);
            return;
        }

        http.Response.Clear();
        await S3ErrorWriter.WriteAsync(http, ErrorOf(failure.Error), request.S3.Resource);
    }

    private async Task AnswerRefusalAsync(HttpContext http, ProxyRequest request, S3Error error)
    {
        if (request.Upload?.Refusal is not null)
        {
            Log.BodyRefused(logger, request.S3.Operation, error.Code, error.Message);
            metrics.UploadRefused(error.Code);
        }

        await S3ErrorWriter.WriteAsync(http, error, request.S3.Resource);
    }

    private static S3Error ErrorOf(ForwarderError failure) => failure switch
    {
        ForwarderError.RequestTimedOut => new(S3ErrorCode.ServiceUnavailable, "The origin did not answer in time. Please retry."),
        ForwarderError.RequestCreation => new(S3ErrorCode.InternalError, "The request could not be prepared for the origin. The proxy's log says why."),
        ForwarderError.ResponseHeaders => new(S3ErrorCode.InternalError, "The origin's answer could not be used. The proxy's log says why."),
        ForwarderError.RequestBodyClient => new(S3ErrorCode.IncompleteBody, "The request body terminated unexpectedly: it ended before its declared length, or came too slowly."),
        _ => new(S3ErrorCode.ServiceUnavailable, "The origin cannot be reached. Please retry."),
    };
}
