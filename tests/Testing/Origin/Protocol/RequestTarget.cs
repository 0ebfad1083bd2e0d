using System.Text;

namespace S3Proxy.Testing.Origin.Protocol;

/// <summary>
/// What a request addresses, read from the bytes of the request line: nothing is normalised, each part is decoded exactly once. Immutable.
/// </summary>
/// <param name="Path">The whole decoded path, which signatures are computed over.</param>
/// <param name="Bucket">Null for the service itself.</param>
/// <param name="Key">Null for the bucket itself.</param>
/// <param name="Query">The decoded query.</param>
internal sealed record RequestTarget(string Path, string? Bucket, string? Key, QueryParameters Query)
{
    private const int MaxKeyBytes = 1024;

    public static RequestTarget Root { get; } = new("/", null, null, QueryParameters.None);

    /// <summary>Parses a target in origin form or absolute form. On failure the result still holds what could be read.</summary>
    public static OriginErrorCode? Parse(string rawTarget, string host, string? hostSuffix, out RequestTarget target)
    {
        target = Root;
        ReadOnlySpan<char> rest = WithoutAuthority(rawTarget);
        int question = rest.IndexOf('?');
        ReadOnlySpan<char> rawPath = question < 0 ? rest : rest[..question];
        if (rawPath.IsEmpty || rawPath[0] != '/'
            || !PercentEncoding.TryDecode(rawPath, plusIsSpace: false, out string? path)
            || !QueryParameters.TryParse(question < 0 ? [] : rest[(question + 1)..], out QueryParameters query))
        {
            return OriginErrorCode.InvalidURI;
        }

        string? bucket = BucketOfHost(host, hostSuffix);
        string key = path[1..];
        if (bucket is null)
        {
            // The raw path decides where the bucket ends: an escaped slash belongs to the name and makes it a bad one.
            int slash = rawPath[1..].IndexOf('/');
            ReadOnlySpan<char> rawBucket = slash < 0 ? rawPath[1..] : rawPath.Slice(1, slash);
            PercentEncoding.TryDecode(rawBucket, plusIsSpace: false, out bucket);
            PercentEncoding.TryDecode(slash < 0 ? [] : rawPath[(slash + 2)..], plusIsSpace: false, out string? decodedKey);
            key = decodedKey ?? "";
        }

        target = new RequestTarget(path, string.IsNullOrEmpty(bucket) ? null : bucket, key.Length == 0 ? null : key, query);
        if (target.Bucket is not null && !IsBucketName(target.Bucket))
        {
            return OriginErrorCode.InvalidBucketName;
        }

        return target switch
        {
            { Bucket: null, Key: not null } => OriginErrorCode.InvalidURI,
            { Key: { } tooLong } when Encoding.UTF8.GetByteCount(tooLong) > MaxKeyBytes => OriginErrorCode.KeyTooLongError,
            _ => null,
        };
    }

    /// <summary>The rule for new buckets (S3 User Guide, "Bucket naming rules") with capitals and underscores allowed.</summary>
    public static bool IsBucketName(string name) =>
        name.Length is >= 3 and <= 63
        && char.IsAsciiLetterOrDigit(name[0])
        && char.IsAsciiLetterOrDigit(name[^1])
        && !name.Contains("..", StringComparison.Ordinal)
        && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');

    private static ReadOnlySpan<char> WithoutAuthority(string rawTarget)
    {
        int scheme = rawTarget.StartsWith('/') ? -1 : rawTarget.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0)
        {
            return rawTarget;
        }

        ReadOnlySpan<char> afterScheme = rawTarget.AsSpan(scheme + 3);
        int path = afterScheme.IndexOf('/');
        return path < 0 ? "/" : afterScheme[path..];
    }

    private static string? BucketOfHost(string host, string? suffix)
    {
        if (suffix is null)
        {
            return null;
        }

        int colon = host.LastIndexOf(':');
        string name = colon < 0 ? host : host[..colon];
        return name.Length > suffix.Length + 1 && name.EndsWith("." + suffix, StringComparison.OrdinalIgnoreCase)
            ? name[..^(suffix.Length + 1)]
            : null;
    }
}
