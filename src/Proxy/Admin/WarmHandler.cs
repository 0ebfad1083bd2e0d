using S3Proxy.Configuration;
using S3Proxy.Reloading;
using S3Proxy.Routing;
using S3Proxy.Warming;

namespace S3Proxy.Admin;

/// <summary>Answers <c>/admin/warm</c> (requirement C8): POST starts a warm-up, GET tells of all.</summary>
internal sealed class WarmHandler(CurrentSnapshot current, WarmJobs jobs) : IAdminHandler
{
    private const int MaxBodyBytes = 8 << 20;

    private const string Usage =
        "Send {\"bucket\": \"B\", \"prefix\": \"P\"} or {\"bucket\": \"B\", \"keys\": [\"K\"]} as application/json, or ?bucket=B and a key a line as text/plain; concurrency (1 to 32) and maxBytes are optional.";

    /// <inheritdoc/>
    public async Task<AdminAnswer> AnswerAsync(HttpRequest request, string rest, CancellationToken cancellationToken) =>
        HttpMethods.IsPost(request.Method) ? await StartAsync(request, cancellationToken) : List();

    private AdminAnswer List() => AdminAnswer.Json(StatusCodes.Status200OK, json =>
    {
        json.WriteStartArray("jobs");
        foreach (WarmJob job in jobs.All)
        {
            json.WriteStartObject();
            WarmDocument.Write(json, job);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private async Task<AdminAnswer> StartAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        bool isLines = request.ContentType is { } type && type.StartsWith("text/plain", StringComparison.OrdinalIgnoreCase);
        if (!isLines && !request.HasJsonContentType())
        {
            return AdminAnswer.Refusal(StatusCodes.Status415UnsupportedMediaType, "The body is neither JSON nor lines of text.", Usage);
        }

        if (await RequestBody.ReadAsync(request, MaxBodyBytes, cancellationToken) is not { } body)
        {
            return AdminAnswer.Refusal(StatusCodes.Status413PayloadTooLarge, $"A request has at most {MaxBodyBytes} bytes.", "Split the list of keys.");
        }

        if (!(isLines
            ? WarmRequestParser.TryParseLines(request.Query["bucket"], request.Query["concurrency"], request.Query["maxBytes"], body, out WarmRequest? warm, out string problem)
            : WarmRequestParser.TryParseJson(body, out warm, out problem)))
        {
            return AdminAnswer.Refusal(StatusCodes.Status400BadRequest, problem, Usage);
        }

        ProxySnapshot snapshot = current.Value;
        if (!snapshot.Router.TryRoute(warm!.Bucket, out BucketRoute? route))
        {
            return AdminAnswer.Refusal(StatusCodes.Status404NotFound, $"There is no bucket {warm.Bucket.Value}.", "Name a bucket as clients do.");
        }

        if (snapshot.Configuration.Auth.Mode == AuthMode.Passthrough)
        {
            return AdminAnswer.Refusal(StatusCodes.Status409Conflict, "In mode passthrough the origin is asked in clients' names only.", "Let a client read the objects.");
        }

        if (route.Configuration.Cache.Mode == CacheMode.Bypass)
        {
            return AdminAnswer.Refusal(StatusCodes.Status409Conflict, $"The bucket {warm.Bucket.Value} bypasses the cache.", "Give it another cache mode.");
        }

        if (jobs.TryAdd(warm, route) is not { } job)
        {
            return AdminAnswer.Refusal(StatusCodes.Status429TooManyRequests, $"{WarmJobs.MaxRunning} warm-ups run and {WarmJobs.MaxWaiting} wait.", "Wait for one to end, or cancel one.");
        }

        return AdminAnswer.Json(StatusCodes.Status202Accepted, json => WarmDocument.Write(json, job)) with { Headers = [new("Location", "/admin/warm/" + job.Id)] };
    }
}
