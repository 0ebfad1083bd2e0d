using System.Security.Cryptography;
using System.Text;
using S3Proxy.Configuration;
using S3Proxy.Telemetry;

namespace S3Proxy.Admin;

/// <summary>
/// Answers on the admin port: health, readiness, metrics (requirements O3, O6, A5). With a token configured, everything but health and readiness, which probes ask for,
/// needs it.
/// </summary>
/// <remarks>Stateless but for its services; one for the whole process.</remarks>
internal sealed class AdminRequestHandler(ListenConfiguration listen, ReadinessState readiness, MetricsEndpoint metrics)
{
    private const string Scheme = "Bearer ";

    public Task HandleAsync(HttpContext http)
    {
        if (!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method))
        {
            http.Response.Headers.Allow = "GET, HEAD";
            return AnswerAsync(http, StatusCodes.Status405MethodNotAllowed, "method not allowed\n");
        }

        switch (http.Request.Path.Value)
        {
            case "/healthz":
                return AnswerAsync(http, StatusCodes.Status200OK, "ok\n");
            case "/readyz":
                return readiness.IsReady
                    ? AnswerAsync(http, StatusCodes.Status200OK, "ready\n")
                    : AnswerAsync(http, StatusCodes.Status503ServiceUnavailable, "not ready\n");
        }

        if (!HasToken(http.Request))
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
            return AnswerAsync(http, StatusCodes.Status401Unauthorized, "this needs the admin token\n");
        }

        return http.Request.Path.Value == "/metrics" ? ScrapeAsync(http) : AnswerAsync(http, StatusCodes.Status404NotFound, "not found\n");
    }

    private Task ScrapeAsync(HttpContext http) => metrics.Scrape() is { } text
        ? AnswerAsync(http, StatusCodes.Status200OK, text, "text/plain; version=0.0.4; charset=utf-8")
        : AnswerAsync(http, StatusCodes.Status503ServiceUnavailable, "the metrics could not be collected in time\n");

    /// <summary>Compared by hash, so that neither the place of the first difference nor the length shows in the time.</summary>
    private bool HasToken(HttpRequest request)
    {
        if (listen.AdminToken is not { } token)
        {
            return true;
        }

        string given = request.Headers.Authorization.ToString();
        return given.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && CryptographicOperations.FixedTimeEquals(
            SHA256.HashData(Encoding.UTF8.GetBytes(given[Scheme.Length..])), SHA256.HashData(Encoding.UTF8.GetBytes(token)));
    }

    private static Task AnswerAsync(HttpContext http, int status, string text, string contentType = "text/plain; charset=utf-8")
    {
        byte[] body = Encoding.UTF8.GetBytes(text);
        http.Response.StatusCode = status;
        http.Response.ContentType = contentType;
        http.Response.ContentLength = body.Length;
        http.Response.Headers.CacheControl = "no-store";
        return HttpMethods.IsHead(http.Request.Method) ? Task.CompletedTask : http.Response.Body.WriteAsync(body, 0, body.Length, http.RequestAborted);
    }
}
