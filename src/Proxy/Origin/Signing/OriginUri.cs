using S3Proxy.Configuration;
using S3Proxy.Protocol;

namespace S3Proxy.Origin.Signing;

/// <summary>
/// Builds origin URIs whose path and query are sent byte for byte: <c>a//b</c>, <c>/../</c> and encoded keys arrive as written.
/// </summary>
internal static class OriginUri
{
    private static readonly UriCreationOptions Uncanonicalized = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>The URI of a service, bucket or object.</summary>
    /// <param name="origin">Tells path style from host style.</param>
    /// <param name="endpoint">Scheme and authority of the chosen endpoint.</param>
    /// <param name="originBucket">Bucket name at the origin; null for the service itself.</param>
    /// <param name="originKey">Decoded key at the origin; null for the bucket itself.</param>
    /// <param name="canonicalQuery">Query in canonical form without its question mark; empty for none.</param>
    /// <exception cref="ArgumentException">The bucket name could change the host or path it is put into.</exception>
    public static Uri Build(OriginConfiguration origin, Uri endpoint, string? originBucket, string? originKey, string canonicalQuery)
    {
        if (originBucket is not null && !BucketName.TryParse(originBucket, out _))
        {
            throw new ArgumentException($"'{originBucket}' is not a bucket name.", nameof(originBucket));
        }

        bool isHostStyle = origin.Addressing == AddressingStyle.Host && originBucket is not null;
        string host = isHostStyle ? $"{originBucket}.{endpoint.IdnHost}" : WireHost(endpoint);
        string port = endpoint.IsDefaultPort ? "" : $":{endpoint.Port}";
        string bucket = isHostStyle || originBucket is null ? "" : "/" + originBucket;
        string key = originKey is not null ? "/" + S3Uri.EncodePath(originKey) : bucket.Length == 0 ? "/" : "";
        string query = canonicalQuery.Length == 0 ? "" : "?" + canonicalQuery;
        return new Uri($"{endpoint.Scheme}://{host}{port}{bucket}{key}{query}", Uncanonicalized);
    }

    /// <summary>The URI of a target that is sent as a client sent it.</summary>
    /// <param name="endpoint">Scheme and authority of the chosen endpoint.</param>
    /// <param name="target">Path and query, beginning with a slash.</param>
    public static Uri Verbatim(Uri endpoint, string target) => new($"{endpoint.Scheme}://{endpoint.Authority}{target}", Uncanonicalized);

    /// <summary>The host as a Host header writes it, without the port: an IPv6 address stands in brackets.</summary>
    public static string WireHost(Uri uri) => uri.HostNameType == UriHostNameType.IPv6 ? $"[{uri.IdnHost}]" : uri.IdnHost;
}
