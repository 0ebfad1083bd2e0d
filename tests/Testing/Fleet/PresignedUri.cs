using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace S3Proxy.Testing.Fleet;

/// <summary>URLs that carry their signature (SigV4, query form), so that any number of requests are signed once. Keys of letters, digits, <c>-./</c> only.</summary>
internal static class PresignedUri
{
    private const int LifetimeSeconds = 12 * 60 * 60;

    /// <param name="method">HTTP method.</param>
    /// <param name="endpoint">Of a replica.</param>
    /// <param name="bucket">Bucket.</param>
    /// <param name="key">Key.</param>
    /// <param name="now">From when on it counts.</param>
    /// <param name="header">The one x-amz header that the request will have, its name in lower case; null for none.</param>
    public static Uri Create(HttpMethod method, Uri endpoint, string bucket, string key, DateTimeOffset now, (string Name, string Value)? header = null)
    {
        string signedNames = header is null ? "host" : $"host;{header.Value.Name}";
        string signedLines = $"host:{endpoint.Authority}\n{(header is null ? "" : $"{header.Value.Name}:{header.Value.Value}\n")}";
        string timestamp = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        string scope = $"{timestamp[..8]}/us-east-1/s3/aws4_request";
        string path = $"/{bucket}/{key}";
        string query = $"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={Uri.EscapeDataString($"{FleetConfiguration.AccessKeyId}/{scope}")}&X-Amz-Date={timestamp}"
            + string.Create(CultureInfo.InvariantCulture, $"&X-Amz-Expires={LifetimeSeconds}&X-Amz-SignedHeaders={Uri.EscapeDataString(signedNames)}");
        string canonical = $"{method.Method}\n{path}\n{query}\n{signedLines}\n{signedNames}\nUNSIGNED-PAYLOAD";
        string toSign = $"AWS4-HMAC-SHA256\n{timestamp}\n{scope}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        byte[] signingKey = Encoding.UTF8.GetBytes("AWS4" + FleetConfiguration.SecretAccessKey);
        foreach (string part in scope.Split('/'))
        {
            signingKey = HMACSHA256.HashData(signingKey, Encoding.UTF8.GetBytes(part));
        }

        return new Uri(endpoint, $"{path}?{query}&X-Amz-Signature={Convert.ToHexStringLower(HMACSHA256.HashData(signingKey, Encoding.UTF8.GetBytes(toSign)))}");
    }
}
