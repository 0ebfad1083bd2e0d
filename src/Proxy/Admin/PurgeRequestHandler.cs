using System.Text.Json;
using S3Proxy.Caching;
using S3Proxy.Configuration;
using S3Proxy.Invalidation;
using S3Proxy.Reloading;
using S3Proxy.Routing;

namespace S3Proxy.Admin;

/// <summary>
/// Answers <c>POST /admin/purge</c> (requirement I4): reads which key, prefix or bucket, or all, is to be forgotten, in clients' names, and tells when it is done. Thread-safe.
/// </summary>
/// <remarks>Asks for <c>application/json</c>, which a page of another site cannot send without being asked first: the port may be open to whoever is on the machine.</remarks>
internal sealed class PurgeRequestHandler(CurrentSnapshot current, CachePurge purge) : IAdminHandler
{
    /// <summary>Room for a key of 1,024 bytes, each escaped to six, and for what is around it.</summary>
    private const int MaxBodyBytes = 16 << 10;

    private const string Usage =
        "Send one of {\"bucket\": \"B\", \"key\": \"K\"}, {\"bucket\": \"B\", \"prefix\": \"P\"}, {\"bucket\": \"B\"} and {\"all\": true}, with the names that clients use.\n";

    /// <inheritdoc/>
    public async Task<AdminAnswer> AnswerAsync(HttpRequest request, string rest, CancellationToken cancellationToken)
    {
        if (!request.HasJsonContentType())
        {
            return AdminAnswer.Text(StatusCodes.Status415UnsupportedMediaType, "A purge is JSON: send \"Content-Type: application/json\".\n");
        }

        if (await RequestBody.ReadAsync(request, MaxBodyBytes, cancellationToken) is not { } body)
        {
            return AdminAnswer.Text(StatusCodes.Status413PayloadTooLarge, $"A purge has at most {MaxBodyBytes} bytes.\n");
        }

        if (PurgeTarget.TryParse(body, out string problem) is not { } target)
        {
            return AdminAnswer.Text(StatusCodes.Status400BadRequest, $"{problem} {Usage}");
        }

        ProxySnapshot snapshot = current.Value;
        BucketRoute? route = null;
        if (target.Bucket is { } bucket && !snapshot.Router.TryRoute(bucket, out route))
        {
            return AdminAnswer.Text(StatusCodes.Status404NotFound, $"There is no bucket {bucket.Value}.\n");
        }

        // What has been read is carried out, whether the client waits or not: half a purge would leave replicas that disagree.
        PurgeReport report = await PurgeAsync(target, route, snapshot.Configuration.Auth.Mode, CancellationToken.None);
        return AdminAnswer.Json(StatusCodes.Status200OK, Write(report));
    }

    private async ValueTask<PurgeReport> PurgeAsync(PurgeTarget target, BucketRoute? route, AuthMode mode, CancellationToken cancellationToken)
    {
        if (route is null)
        {
            return await purge.PurgeAsync(CacheScope.All, cancellationToken);
        }

        BucketId bucket = new(route.Origin.Identity, route.OriginBucket);
        if (target.Key is not { } key)
        {
            return await purge.PurgeAsync(CacheScope.Of(bucket, route.Prefix + target.Prefix), cancellationToken);
        }

        // Where clients choose the origin's Host the object may be known under several; then what begins with its key goes too.
        return mode == AuthMode.Passthrough
            ? await purge.PurgeAsync(CacheScope.Of(bucket, route.OriginKey(key)), cancellationToken)
            : await purge.PurgeAsync(new ObjectId(bucket.Origin, bucket.Bucket, route.OriginKey(key)), cancellationToken);
    }

    private static byte[] Write(PurgeReport report)
    {
        using MemoryStream body = new();
        using (Utf8JsonWriter json = new(body))
        {
            json.WriteStartObject();
            json.WriteNumber("objects", report.Count.Objects);
            json.WriteNumber("slices", report.Count.Slices);
            json.WriteBoolean("pending", report.IsPending);
            json.WriteStartObject("replicas");
            WriteNames(json, "acknowledged", report.Acknowledged);
            WriteNames(json, "silent", report.Silent);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return body.ToArray();
    }

    private static void WriteNames(Utf8JsonWriter json, string list, IReadOnlyList<string> names)
    {
        json.WriteStartArray(list);
        foreach (string name in names)
        {
            json.WriteStringValue(name);
        }

        json.WriteEndArray();
    }
}
