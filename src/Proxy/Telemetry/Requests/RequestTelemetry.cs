using S3Proxy.Auth;
using S3Proxy.Configuration;
using S3Proxy.Pipeline;
using S3Proxy.Protocol;
using S3Proxy.Reloading;
using S3Proxy.Telemetry.AccessLogs;
using S3Proxy.Telemetry.Tracing;

namespace S3Proxy.Telemetry.Requests;

/// <summary>What happens to each request of the data port for the sake of metrics, access log, trace and trail.</summary>
/// <remarks>Thread-safe; one for the whole process. Without access log, trace and trail a request costs two additions and no allocation here.</remarks>
internal sealed class RequestTelemetry(ProxyMetrics metrics, TimeProvider timeProvider, AccessLog? accessLog, RequestTracing? tracing)
{
    /// <summary>A request came in; null when nobody wants to know more of it than the metrics do.</summary>
    public RequestObservation? Begin(HttpContext http, ProxySnapshot snapshot, long receivedAt)
    {
        bool asksForTrail = AsksForTrail(http, snapshot);
        if (accessLog is null && tracing is null && !asksForTrail)
        {
            return null;
        }

        RequestObservation observation = new() { ReceivedAt = receivedAt, Span = tracing?.Begin(http) };
        if (accessLog is not null || asksForTrail)
        {
            NoteFirstByte(http, observation);
        }

        return observation;
    }

    /// <summary>True when every request is followed on its way by a trace.</summary>
    public bool FollowsAll => tracing is not null;

    /// <summary>True when somebody wants to follow the request on its way, from its beginning: a trace, or the client with a trail.</summary>
    public bool IsFollowed(HttpContext http, ProxySnapshot snapshot) => FollowsAll || AsksForTrail(http, snapshot);

    /// <summary>
    /// The client is known and allowed what it asks for, or is past a limit and told so: the trail begins, if it asks for one that it may have. Who is judged by the origin may have none: at this place
    /// nobody knows yet whether it is to be refused, and the trail tells of what others have read.
    /// </summary>
    public static void Allow(HttpContext http, ProxySnapshot snapshot, RequestObservation? observation, Identity identity)
    {
        if (observation is null || identity.IsJudgedByOrigin || !AsksForTrail(http, snapshot) || (snapshot.Configuration.Telemetry.Trail == TrailMode.Keys && identity.IsAnonymous))
        {
            return;
        }

        TellTrail(http, observation.Trail = new RequestTrail());
    }

    /// <summary>The answer of a request ended.</summary>
    /// <param name="http">The request.</param>
    /// <param name="s3">What it asked for; null when it could not be understood.</param>
    /// <param name="request">What the stages know of it; null when it was refused.</param>
    /// <param name="refusal">Why it was refused, or failed; <see cref="RequestReason.None"/> for one that its stages answered.</param>
    /// <param name="receivedAt">Timestamp of the time provider when it came in.</param>
    /// <param name="observation">What <see cref="Begin"/> gave.</param>
    public void End(HttpContext http, S3Request? s3, ProxyRequest? request, RequestReason refusal, long receivedAt, RequestObservation? observation)
    {
        TimeSpan elapsed = timeProvider.GetElapsedTime(receivedAt);
        RequestSummary summary = Summarise(http, s3, request, refusal);
        metrics.RequestEnded(summary, elapsed);
        if (observation is null)
        {
            return;
        }

        if (observation.Span is { } span)
        {
            tracing!.End(span, http, s3, request?.Identity, summary);
        }

        if (accessLog is not null && accessLog.Wants(http.Response.StatusCode))
        {
            accessLog.Add(RecordOf(http, s3, request, summary, elapsed, observation));
        }
    }

    /// <remarks>By itself: what a lambda captures is allocated where the method that declares it begins, and most requests have nobody to tell.</remarks>
    private void NoteFirstByte(HttpContext http, RequestObservation observation) => http.Response.OnStarting(() =>
    {
        observation.FirstByteAt = timeProvider.GetTimestamp();
        return Task.CompletedTask;
    });

    /// <remarks>By itself, as the other.</remarks>
    private static void TellTrail(HttpContext http, RequestTrail trail) => http.Response.OnStarting(() =>
    {
        http.Response.Headers[RequestTrail.ResponseHeader] = trail.ToString();
        return Task.CompletedTask;
    });

    private static bool AsksForTrail(HttpContext http, ProxySnapshot snapshot) =>
        snapshot.Configuration.Telemetry.Trail != TrailMode.Off && http.Request.Headers.TryGetValue(RequestTrail.RequestHeader, out var asked) && asked is ["1"];

    private static RequestSummary Summarise(HttpContext http, S3Request? s3, ProxyRequest? request, RequestReason refusal)
    {
        // Its ToString would put it into a box.
        string operation = s3 is null ? "Unknown" : Enum.GetName(s3.Operation)!;
        OperationGroup group = s3 is null ? OperationGroup.Other : OperationGroups.Of(s3.Operation);
        if (refusal != RequestReason.None)
        {
            bool isError = refusal is RequestReason.Internal or RequestReason.ClientLeft;
            return new RequestSummary(group, operation, isError ? CacheOutcome.Error : CacheOutcome.Refused, AnswerTier.None, refusal, FlightRole.None);
        }

        if (request!.Read is { Outcome: { } outcome } read)
        {
            return new RequestSummary(group, operation, outcome, read.Tier, read.Reason, read.Role);
        }

        RequestReason reason = request.Reason != RequestReason.None ? request.Reason : request.Read?.Reason ?? RequestReason.None;
        if (request.IsAnswered)
        {
            return new RequestSummary(group, operation, CacheOutcome.Bypass, AnswerTier.Origin, reason, FlightRole.None);
        }

        if (http.RequestAborted.IsCancellationRequested)
        {
            return new RequestSummary(group, operation, CacheOutcome.Error, AnswerTier.None, RequestReason.ClientLeft, FlightRole.None);
        }

        // Forwarded and not answered, or refused for its body before it was sent.
        return http.Response.StatusCode >= StatusCodes.Status500InternalServerError
            ? new RequestSummary(group, operation, CacheOutcome.Error, AnswerTier.None, RequestReason.Unreachable, FlightRole.None)
            : new RequestSummary(group, operation, CacheOutcome.Refused, AnswerTier.None, RequestReason.BadRequest, FlightRole.None);
    }

    private AccessRecord RecordOf(HttpContext http, S3Request? s3, ProxyRequest? request, in RequestSummary summary, TimeSpan elapsed, RequestObservation observation) => new()
    {
        Time = timeProvider.GetUtcNow(),
        Summary = summary,
        Method = http.Request.Method,
        Path = s3?.RawPath ?? "",
        Protocol = http.Request.Protocol,
        Status = http.Response.StatusCode,
        Bucket = s3?.Bucket?.Value,
        Key = s3?.Key?.Value,
        Client = request is { Identity.IsAnonymous: false } ? request.Identity.AccessKeyId : null,
        RemoteAddress = http.Connection.RemoteIpAddress?.ToString(),
        BodyBytes = observation.BodyBytes ?? http.Response.ContentLength,
        Duration = elapsed,
        FirstByte = observation.FirstByteAt == 0 ? null : timeProvider.GetElapsedTime(observation.ReceivedAt, observation.FirstByteAt),
        RequestId = http.Response.Headers[S3Headers.RequestId].ToString() is { Length: > 0 } id ? id : null,
        TraceId = observation.Span?.TraceId.ToString(),
        UserAgent = http.Request.Headers.UserAgent.ToString() is { Length: > 0 } agent ? agent : null,
    };
}
