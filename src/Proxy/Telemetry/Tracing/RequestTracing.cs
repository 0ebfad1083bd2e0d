using System.Diagnostics;
using S3Proxy.Auth;
using S3Proxy.Protocol;
using S3Proxy.Telemetry.Requests;

namespace S3Proxy.Telemetry.Tracing;

/// <summary>The server span of a request: begun when it comes in, below the client's span if it tells one (W3C Trace Context), and ended with its answer.</summary>
/// <remarks>Thread-safe; made only when traces are configured. Spans of fetches and origin requests are made below it (<see cref="Spans"/>).</remarks>
internal sealed class RequestTracing(bool tellsKeys) : IDisposable
{
    /// <summary>The source to listen to.</summary>
    public const string SourceName = "S3Proxy";

    private readonly ActivitySource _source = new(SourceName);

    /// <summary>Begins the span of a request; null when it is not to be traced.</summary>
    public Activity? Begin(HttpContext http)
    {
        IHeaderDictionary headers = http.Request.Headers;
        _ = ActivityContext.TryParse(headers.TraceParent, headers.TraceState, isRemote: true, out ActivityContext parent);
        Activity? current = Activity.Current;
        Activity.Current = null;
        Activity? span = _source.StartActivity("request", ActivityKind.Server, parent);
        Activity.Current = current;
        return span;
    }

    /// <summary>Ends the span with what is known of the request.</summary>
    public void End(Activity span, HttpContext http, S3Request? request, Identity? identity, in RequestSummary summary)
    {
        span.DisplayName = summary.Operation;
        if (span.IsAllDataRequested)
        {
            span.SetTag("http.request.method", http.Request.Method);
            span.SetTag("http.response.status_code", http.Response.StatusCode);
            span.SetTag("aws.s3.bucket", request?.Bucket?.Value);
            span.SetTag("aws.s3.key", tellsKeys ? request?.Key?.Value : null);
            span.SetTag("client.address", http.Connection.RemoteIpAddress?.ToString());
            span.SetTag("s3proxy.client", identity is { IsAnonymous: false } ? identity.AccessKeyId : null);
            span.SetTag("s3proxy.outcome", summary.Outcome.ToWire());
            span.SetTag("s3proxy.reason", summary.Reason.ToWire());
            span.SetTag("s3proxy.tier", summary.Tier.ToWire());
            span.SetTag("s3proxy.role", summary.Role.ToWire());
        }

        span.End(http.Response.StatusCode >= StatusCodes.Status500InternalServerError ? summary.Reason.ToWire() : null);
    }

    public void Dispose() => _source.Dispose();
}
