using System.Diagnostics.CodeAnalysis;
using S3Proxy.Protocol;

namespace S3Proxy.Forwarding.Mapping;

/// <summary>
/// The value of <c>x-amz-copy-source</c>, decoded (Amazon S3 API Reference, CopyObject): <c>[/]bucket/key[?versionId=id]</c>.
/// </summary>
/// <param name="Bucket">The client's name of the source bucket.</param>
/// <param name="Key">Key in it.</param>
/// <param name="VersionId">Null for the current version.</param>
internal sealed record CopySource(BucketName Bucket, ObjectKey Key, string? VersionId)
{
    private const string VersionParameter = "versionId=";

    /// <summary>
    /// InvalidArgument when the value does not name one object beyond doubt. A plus sign is a plus sign, and a question mark ends the
    /// key: a key that holds one must have it percent-encoded, or another object than meant would be copied.
    /// </summary>
    public static bool TryParse(string headerValue, [NotNullWhen(true)] out CopySource? source, [NotNullWhen(false)] out S3Error? error)
    {
        source = null;
        int question = headerValue.IndexOf('?', StringComparison.Ordinal);
        string? encodedVersion = question < 0 ? null : headerValue[(question + 1)..];
        string path = question < 0 ? headerValue : headerValue[..question];
        string? versionId = null;
        if (encodedVersion is not null
            && (!encodedVersion.StartsWith(VersionParameter, StringComparison.Ordinal)
                || encodedVersion.Contains('&', StringComparison.Ordinal)
                || !PercentCoding.TryDecode(encodedVersion[VersionParameter.Length..], out versionId)
                || versionId.Length == 0))
        {
            error = Invalid("only ?versionId= with a version id may follow the key; percent-encode a question mark that belongs to the key");
            return false;
        }

        // The whole value may be encoded, the slash after the bucket included.
        if (!PercentCoding.TryDecode(path, out string? decoded))
        {
            error = Invalid("it is not percent-encoded UTF-8");
            return false;
        }

        ReadOnlySpan<char> names = decoded.AsSpan(decoded.StartsWith('/') ? 1 : 0);
        int slash = names.IndexOf('/');
        if (slash < 0
            || !BucketName.TryParse(names[..slash].ToString(), out BucketName bucket)
            || !ObjectKey.TryParse(names[(slash + 1)..].ToString(), out ObjectKey key))
        {
            error = Invalid("it must name the source bucket and key as sourcebucket/sourcekey");
            return false;
        }

        source = new CopySource(bucket, key, versionId);
        error = null;
        return true;
    }

    private static S3Error Invalid(string reason) => new(S3ErrorCode.InvalidArgument, $"The x-amz-copy-source header is invalid: {reason}.");
}
