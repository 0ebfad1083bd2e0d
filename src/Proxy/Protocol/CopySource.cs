using System.Diagnostics.CodeAnalysis;

namespace S3Proxy.Protocol;

/// <summary>
/// What <c>x-amz-copy-source</c> names: <c>[/]bucket/key[?versionId=id]</c>, percent-encoded (S3 API Reference, CopyObject).
/// Bucket and key are decoded and in the client's terms.
/// </summary>
internal sealed record CopySource(BucketName Bucket, ObjectKey Key, string? VersionId)
{
    private const string VersionQuery = "?versionId=";

    /// <summary>False for anything else, access point ARNs included: the proxy cannot tell which bucket they stand for.</summary>
    public static bool TryParse(ReadOnlySpan<char> header, [NotNullWhen(true)] out CopySource? source)
    {
        source = null;
        ReadOnlySpan<char> path = header.Trim();
        string? versionId = null;
        int query = path.IndexOf('?');
        if (query >= 0)
        {
            // An unescaped question mark ends the key. Anything but a version id behind it could be read in two ways, so it is refused.
            ReadOnlySpan<char> tail = path[query..];
            if (!tail.StartsWith(VersionQuery, StringComparison.Ordinal)
                || !S3Uri.TryDecode(tail[VersionQuery.Length..], plusIsSpace: false, out versionId) || versionId.Length == 0)
            {
                return false;
            }

            path = path[..query];
        }

        // The slash between bucket and key may itself be escaped, so the whole is decoded before it is split.
        if (!TryDecodeHeader(path, out string? decoded))
        {
            return false;
        }

        ReadOnlySpan<char> rest = decoded.StartsWith('/') ? decoded.AsSpan(1) : decoded;
        int slash = rest.IndexOf('/');
        if (slash < 0 || !BucketName.TryParse(rest[..slash].ToString(), out BucketName bucket)
            || !ObjectKey.TryParse(rest[(slash + 1)..].ToString(), out ObjectKey key))
        {
            return false;
        }

        source = new CopySource(bucket, key, versionId);
        return true;
    }

    /// <summary>
    /// The header in canonical form. Forward this and not what the client sent: servers disagree about a raw <c>+</c>, and the grant was
    /// checked for this reading.
    /// </summary>
    public string ToHeaderValue() =>
        $"/{Bucket.Value}/{S3Uri.EncodePath(Key.Value)}{(VersionId is null ? "" : VersionQuery + S3Uri.EncodeQueryValue(VersionId))}";

    // Clients that forget to encode send spaces and UTF-8 in this header and S3 takes them; a request target could not hold them.
    private static bool TryDecodeHeader(ReadOnlySpan<char> path, [NotNullWhen(true)] out string? decoded)
    {
        if (path.Contains('%'))
        {
            return S3Uri.TryDecode(path, plusIsSpace: false, out decoded);
        }

        decoded = path.ToString();
        return true;
    }
}
