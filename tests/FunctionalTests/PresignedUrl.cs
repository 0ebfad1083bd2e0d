using System.Security.Cryptography;
using System.Text;

namespace S3Proxy.FunctionalTests;

/// <summary>Presigned GET URLs signed at any time, which the SDK cannot make. Keys of letters, digits and slashes only.</summary>
internal static class PresignedUrl
{
    public static Uri Create(Uri endpoint, string key, DateTimeOffset signedAt, TimeSpan lifetime, string keyId = TestProxy.ClientKeyId, string secret = TestProxy.ClientSecret)
    {
        string timestamp = signedAt.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        string scope = $"{timestamp[..8]}/us-east-1/s3/aws4_request";
        string path = $"/{TestProxy.Bucket}/{key}";
        string query = $"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={Uri.EscapeDataString($"{keyId}/{scope}")}&X-Amz-Date={timestamp}"
            + $"&X-Amz-Expires={(int)lifetime.TotalSeconds}&X-Amz-SignedHeaders=host";
        string canonical = $"GET\n{path}\n{query}\nhost:{endpoint.Authority}\n\nhost\nUNSIGNED-PAYLOAD";
        string toSign = $"AWS4-HMAC-SHA256\n{timestamp}\n{scope}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        byte[] signingKey = Encoding.UTF8.GetBytes("AWS4" + secret);
        foreach (string part in scope.Split('/'))
        {
            signingKey = HMACSHA256.HashData(signingKey, Encoding.UTF8.GetBytes(part));
        }

        string signature = Convert.ToHexStringLower(HMACSHA256.HashData(signingKey, Encoding.UTF8.GetBytes(toSign)));
        return new Uri(endpoint, $"{path}?{query}&X-Amz-Signature={signature}");
    }
}
