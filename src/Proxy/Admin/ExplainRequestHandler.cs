using System.Text.Json;
using S3Proxy.Caching;
using S3Proxy.Configuration;
using S3Proxy.Protocol;
using S3Proxy.Reloading;
using S3Proxy.Routing;

namespace S3Proxy.Admin;

/// <summary>
/// Answers <c>GET /admin/explain?bucket=B&amp;key=K</c> (requirement O2): which rule an object falls under, what is known of it here and in Redis, what is under way, and what a GET now would come to. The
/// names are those that clients use, percent-encoded.
/// </summary>
/// <remarks>Thread-safe. Changes nothing: no look counts as a hit, no flight is joined, Redis is only read.</remarks>
internal sealed class ExplainRequestHandler(CurrentSnapshot current, ObjectExplanation explanation) : IAdminHandler
{
    private const string Usage = "Ask for /admin/explain?bucket=B&key=K, both percent-encoded, with the names that clients use.\n";

    /// <inheritdoc/>
    public async Task<AdminAnswer> AnswerAsync(HttpRequest request, string rest, CancellationToken cancellationToken)
    {
        string[] parameters = [.. request.Query.Keys];
        if (parameters.Length != 2 || request.Query["bucket"] is not [{ } bucketText] || request.Query["key"] is not [{ } keyText])
        {
            return AdminAnswer.Text(StatusCodes.Status400BadRequest, Usage);
        }

        if (!BucketName.TryParse(bucketText, out BucketName bucket) || !ObjectKey.TryParse(keyText, out ObjectKey key))
        {
            return AdminAnswer.Text(StatusCodes.Status400BadRequest, "That is no name of a bucket, or no key of 1 to 1,024 bytes of UTF-8. " + Usage);
        }

        ProxySnapshot snapshot = current.Value;
        return snapshot.Router.TryRoute(bucket, out BucketRoute? route)
            ? await ExplainAsync(route, key, snapshot.Configuration.Auth.Mode, cancellationToken)
            : AdminAnswer.Text(StatusCodes.Status404NotFound, $"There is no bucket {bucket.Value}.\n");
    }

    private async Task<AdminAnswer> ExplainAsync(BucketRoute route, ObjectKey key, AuthMode mode, CancellationToken cancellationToken)
    {
        ObjectId id = new(route.Origin.Identity, route.OriginBucket, route.OriginKey(key));
        RedisLook? redis = await explanation.LookInRedisAsync(id, cancellationToken);
        return AdminAnswer.Json(StatusCodes.Status200OK, json =>
        {
            json.WriteString("bucket", route.ClientBucket.Value);
            json.WriteString("key", key.Value);
            WriteRule(json, route.Configuration);
            json.WriteStartObject("origin");
            json.WriteString("name", route.Origin.Name);
            json.WriteString("bucket", id.Bucket);
            json.WriteString("key", id.Key);
            json.WriteEndObject();
            explanation.Write(json, id, route.Configuration, redis, isJudgedByOrigin: mode == AuthMode.Passthrough);
        });
    }

    private static void WriteRule(Utf8JsonWriter json, BucketConfiguration bucket)
    {
        CacheRule rule = bucket.Cache;
        json.WriteStartObject("rule");
        json.WriteString("mode", rule.Mode.ToString().ToLowerInvariant());
        json.WriteNumber("ttlSeconds", rule.Ttl.TotalSeconds);
        json.WriteNumber("negativeTtlSeconds", rule.NegativeLifetime.TotalSeconds);
        json.WriteNumber("staleWhileRevalidateSeconds", rule.StaleWhileRevalidate.TotalSeconds);
        json.WriteNumber("staleIfErrorSeconds", rule.StaleIfError.TotalSeconds);
        json.WriteBoolean("honourOrigin", rule.HonourOrigin);
        json.WriteString("coalescing", bucket.Coalescing.ToString().ToLowerInvariant());
        json.WriteEndObject();
    }
}
