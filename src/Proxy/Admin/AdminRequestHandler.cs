using System.Text;
using Microsoft.Net.Http.Headers;
using S3Proxy.Reloading;
using S3Proxy.Telemetry.Prometheus;

namespace S3Proxy.Admin;

/// <summary>
/// Answers the admin port: <c>/healthz</c>, <c>/readyz</c>, <c>/metrics</c>, <c>/admin/stats</c> and <c>/admin/explain</c> by GET and HEAD, <c>/admin/purge</c>,
/// <c>/admin/reload</c> and the path of events by POST.
/// </summary>
/// <remarks>
/// Thread-safe. Probes need no token, everything else does when one is configured; it is asked for before a path is looked up, so that
/// strangers do not learn what there is.
/// </remarks>
internal sealed class AdminRequestHandler(
    CurrentSnapshot current,
    ReadinessState readiness,
    MetricsScraper metrics,
    UsageDocument usage,
    PurgeRequestHandler purges,
    ReloadRequestHandler reloads,
    ExplainRequestHandler explain,
    EventRequestHandler events)
{
    private const string Json = "application/json";
    private const string PlainText = "text/plain; charset=utf-8";

    /// <summary>Answers a request of the admin port.</summary>
    public Task HandleAsync(HttpContext http)
    {
        string path = http.Request.Path.Value ?? "";
        bool isProbe = path is "/healthz" or "/readyz";
        ProxySnapshot snapshot = current.Value;
        if (path == snapshot.Configuration.Events.Path)
        {
            return AnswerEventsAsync(http, snapshot);
        }

        if (!isProbe && !snapshot.Admin.Allows(http.Request.Headers.Authorization))
        {
            http.Response.Headers.WWWAuthenticate = "Bearer realm=\"s3proxy admin\"";
            return WriteAsync(http, StatusCodes.Status401Unauthorized, "The admin port asks for a bearer token: send \"Authorization: Bearer TOKEN\".\n");
        }

        if (path is "/admin/purge" or "/admin/reload")
        {
            return AnswerPostAsync(http, path);
        }

        if (!isProbe && path is not ("/metrics" or "/admin/stats" or "/admin/explain"))
        {
            return WriteAsync(http, StatusCodes.Status404NotFound, "There is nothing here. The admin port has /healthz, /readyz, /metrics, /admin/stats, /admin/explain, /admin/purge, /admin/reload and a path for events.\n");
        }

        if (!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method))
        {
            http.Response.Headers.Allow = "GET, HEAD";
            return WriteAsync(http, StatusCodes.Status405MethodNotAllowed, "This path only takes GET and HEAD.\n");
        }

        return path switch
        {
            "/healthz" => WriteAsync(http, StatusCodes.Status200OK, "ok"),
            "/readyz" => WriteReadinessAsync(http),
            "/admin/explain" => AnswerExplainAsync(http),
            "/admin/stats" => WriteAsync(http, StatusCodes.Status200OK, usage.Write(), Json),
            _ => WriteMetricsAsync(http),
        };
    }

    private async Task AnswerPostAsync(HttpContext http, string path)
    {
        if (!HttpMethods.IsPost(http.Request.Method))
        {
            http.Response.Headers.Allow = "POST";
            await WriteAsync(http, StatusCodes.Status405MethodNotAllowed, "This path only takes POST.\n");
            return;
        }

        (int status, byte[] body, bool isJson) = path == "/admin/purge"
            ? await purges.AnswerAsync(http.Request, http.RequestAborted)
            : await reloads.AnswerAsync(http.Request, http.RequestAborted);
        await WriteAsync(http, status, body, isJson ? Json : PlainText);
    }

    private async Task AnswerEventsAsync(HttpContext http, ProxySnapshot snapshot)
    {
        if (!snapshot.Events.Allows(http.Request.Headers.Authorization))
        {
            // SNS sends the password of its URL only to who asks for one.
            http.Response.Headers.WWWAuthenticate = "Basic realm=\"s3proxy events\", Bearer realm=\"s3proxy events\"";
            await WriteAsync(http, StatusCodes.Status401Unauthorized, "Events need a token: send \"Authorization: Bearer TOKEN\", or the token as password.\n");
            return;
        }

        if (!HttpMethods.IsPost(http.Request.Method))
        {
            http.Response.Headers.Allow = "POST";
            await WriteAsync(http, StatusCodes.Status405MethodNotAllowed, "This path only takes POST.\n");
            return;
        }

        (int status, byte[] body, bool isJson) = await events.AnswerAsync(http.Request, snapshot, http.RequestAborted);
        await WriteAsync(http, status, body, isJson ? Json : PlainText);
    }

    private async Task AnswerExplainAsync(HttpContext http)
    {
        (int status, byte[] body, bool isJson) = await explain.AnswerAsync(http.Request, http.RequestAborted);
        await WriteAsync(http, status, body, isJson ? Json : PlainText);
    }

    private Task WriteReadinessAsync(HttpContext http) => readiness.IsReady
        ? WriteAsync(http, StatusCodes.Status200OK, "ready")
        : WriteAsync(http, StatusCodes.Status503ServiceUnavailable, readiness.IsStopping ? "stopping" : "starting");

    private async Task WriteMetricsAsync(HttpContext http)
    {
        if (await metrics.ScrapeAsync(http.RequestAborted) is { } text)
        {
            await WriteAsync(http, StatusCodes.Status200OK, text, MetricsScraper.ContentType);
            return;
        }

        await WriteAsync(http, StatusCodes.Status503ServiceUnavailable, "The metrics cannot be collected, the proxy is stopping.\n");
    }

    private static Task WriteAsync(HttpContext http, int status, string text) => WriteAsync(http, status, Encoding.UTF8.GetBytes(text), PlainText);

    private static Task WriteAsync(HttpContext http, int status, byte[] body, string contentType)
    {
        HttpResponse response = http.Response;
        response.StatusCode = status;
        response.ContentType = contentType;
        response.ContentLength = body.Length;
        response.Headers.CacheControl = CacheControlHeaderValue.NoStoreString;
        response.Headers.XContentTypeOptions = "nosniff";
        return HttpMethods.IsHead(http.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(body, http.RequestAborted).AsTask();
    }
}
