using System.Diagnostics.CodeAnalysis;
using S3Proxy.Configuration;
using S3Proxy.Origin.Signing;
using S3Proxy.Protocol;

namespace S3Proxy.Commands.Bench;

/// <summary>An object to read. Immutable.</summary>
/// <param name="Uri">Its address, sent as it is written.</param>
internal sealed record BenchTarget(Uri Uri)
{
    private static readonly UriCreationOptions AsWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>Whether the address carries a signature of its own.</summary>
    public bool IsPresigned => Uri.Query.Contains("X-Amz-Signature=", StringComparison.OrdinalIgnoreCase);

    /// <summary>An address that begins with http:// or https://, or <c>BUCKET/KEY</c> at an endpoint.</summary>
    public static bool TryParse(string text, Uri endpoint, [NotNullWhen(true)] out BenchTarget? target)
    {
        target = null;
        if (text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
        {
            if (Uri.TryCreate(text, AsWritten, out Uri? uri) && uri.UserInfo.Length == 0 && uri.Host.Length > 0)
            {
                target = new BenchTarget(uri);
            }
        }
        else if (text.IndexOf('/', StringComparison.Ordinal) is > 0 and int slash && BucketName.TryParse(text[..slash], out BucketName bucket) && ObjectKey.TryParse(text[(slash + 1)..], out ObjectKey key))
        {
            target = new BenchTarget(OriginUri.Build(PlaceOf(endpoint, ""), endpoint, bucket.Value, key.Value, ""));
        }

        return target is not null;
    }

    /// <summary>What the signer wants to know of a place.</summary>
    public static OriginConfiguration PlaceOf(Uri endpoint, string region) => new()
    {
        Name = "bench",
        Endpoints = [endpoint],
        Region = region,
        Credentials = new OriginCredentials { Source = OriginCredentialsSource.Anonymous },
    };
}
