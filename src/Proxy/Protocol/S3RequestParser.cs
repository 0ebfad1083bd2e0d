using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace S3Proxy.Protocol;

/// <summary>
/// Tells what a request asks for from its raw target, so that the bytes of a key are those the client sent: the key is percent-decoded
/// exactly once and <c>//</c>, <c>.</c>, <c>..</c>, <c>%2F</c> and a trailing slash are part of it (requirements S1, S8). Pure and
/// thread-safe.
/// </summary>
internal static class S3RequestParser
{
    private static readonly S3Error TargetError =
        new(S3ErrorCode.InvalidURI, "Couldn't parse the specified URI: send a path that begins with a slash, percent-encoded UTF-8.");

    private static readonly S3Error HostError =
        new(S3ErrorCode.InvalidURI, "The host of the request target differs from the Host header; they must be the same.");

    private static readonly S3Error BucketError =
        new(S3ErrorCode.InvalidBucketName, "The specified bucket is not valid: it takes 3 to 63 letters, digits, dots, hyphens, underscores.");

    private static readonly S3Error MethodError =
        new(S3ErrorCode.MethodNotAllowed, "The specified method is not allowed against this resource.");

    private static readonly S3Error CopySourceError =
        new(S3ErrorCode.InvalidArgument, "Copy Source must mention the source bucket and key: sourcebucket/sourcekey, percent-encoded.")
        {
            Details = [new("ArgumentName", S3Headers.CopySource)],
        };

    /// <summary>Parses one request.</summary>
    /// <param name="method">HTTP method, upper case.</param>
    /// <param name="rawTarget">The request target as sent: origin form or absolute form (RFC 9112 section 3.2).</param>
    /// <param name="host">The Host header; may be empty.</param>
    /// <param name="headers">Request headers; <c>x-amz-copy-source</c> and the content type decide between operations.</param>
    /// <param name="hostSuffix">Suffix of virtual-hosted-style names, lower case; null turns host style off.</param>
    /// <param name="request">The request when true.</param>
    /// <param name="error">What is wrong when false.</param>
    public static bool TryParse(
        string method,
        string rawTarget,
        string host,
        IHeaderDictionary headers,
        string? hostSuffix,
        [NotNullWhen(true)] out S3Request? request,
        [NotNullWhen(false)] out S3Error? error)
    {
        request = null;
        if (method is not ("GET" or "HEAD" or "PUT" or "POST" or "DELETE"))
        {
            error = MethodError;
            return false;
        }

        if (!TrySplitTarget(rawTarget, host, out string? rawPath, out ReadOnlySpan<char> rawQuery, out error)
            || !TryFindAddress(rawPath, host, hostSuffix, out Address address, out error))
        {
            error ??= TargetError;
            return false;
        }

        S3Query? query = rawQuery.IsEmpty ? S3Query.Empty : S3Query.TryParse(rawQuery, out error);
        if (query is null || !TryFindCopySource(method, query, headers, out CopySource? copySource, out error))
        {
            error ??= TargetError;
            return false;
        }

        S3Operation? operation =
            S3OperationResolver.Resolve(method, address.Bucket is not null, address.Key is not null, query, headers, out error);
        if (operation is not { } known)
        {
            error ??= MethodError;
            return false;
        }

        error = null;
        request = new S3Request
        {
            Method = method,
            Operation = known,
            Bucket = address.Bucket,
            Key = address.Key,
            Query = query,
            CopySource = copySource,
            RawTarget = rawTarget,
            RawPath = rawPath,
            IsHostStyle = address.IsHostStyle,
            Resource = CanonicalResource(rawPath, address),
        };
        return true;
    }

    private static bool TrySplitTarget(
        string target, string host, [NotNullWhen(true)] out string? path, out ReadOnlySpan<char> query, out S3Error? error)
    {
        path = null;
        query = default;
        error = TargetError;
        ReadOnlySpan<char> rest = target;
        if (rest.IsEmpty)
        {
            return false;
        }

        if (rest[0] != '/')
        {
            int scheme = rest.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? 7
                : rest.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? 8 : 0;
            if (scheme == 0)
            {
                return false;
            }

            string defaultPort = scheme == 7 ? ":80" : ":443";
            rest = rest[scheme..];
            int end = rest.IndexOfAny('/', '?');
            ReadOnlySpan<char> authority = end < 0 ? rest : rest[..end];
            if (!SameAuthority(authority, host, defaultPort))
            {
                // The signature covers the Host header, the target's authority would decide: two answers to which bucket is meant.
                error = HostError;
                return false;
            }

            rest = end < 0 ? default : rest[end..];
        }

        int mark = rest.IndexOf('?');
        ReadOnlySpan<char> pathPart = mark < 0 ? rest : rest[..mark];
        query = mark < 0 ? default : rest[(mark + 1)..];
        path = pathPart.IsEmpty ? "/" : pathPart.Length == target.Length ? target : pathPart.ToString();
        error = null;
        return true;
    }

    private static bool SameAuthority(ReadOnlySpan<char> authority, ReadOnlySpan<char> host, string defaultPort)
    {
        return !authority.IsEmpty
            && WithoutDefaultPort(authority, defaultPort).Equals(WithoutDefaultPort(host, defaultPort), StringComparison.OrdinalIgnoreCase);

        static ReadOnlySpan<char> WithoutDefaultPort(ReadOnlySpan<char> text, string port) =>
            text.EndsWith(port, StringComparison.Ordinal) ? text[..^port.Length] : text;
    }

    private static bool TryFindAddress(string rawPath, string host, string? hostSuffix, out Address address, out S3Error? error)
    {
        address = default;
        ReadOnlySpan<char> path = rawPath.AsSpan(1);
        BucketName? bucket = null;
        bool isHostStyle = false;
        if (hostSuffix is not null && TryFindHostBucket(host, hostSuffix, out string? hostBucket))
        {
            if (!BucketName.TryParse(hostBucket, out BucketName name))
            {
                error = BucketError;
                return false;
            }

            bucket = name;
            isHostStyle = true;
        }
        else if (!path.IsEmpty)
        {
            int slash = path.IndexOf('/');
            if (!S3Uri.TryDecode(slash < 0 ? path : path[..slash], plusIsSpace: false, out string? text))
            {
                error = TargetError;
                return false;
            }

            if (!BucketName.TryParse(text, out BucketName name))
            {
                error = BucketError;
                return false;
            }

            bucket = name;
            path = slash < 0 ? default : path[(slash + 1)..];
        }

        ObjectKey? key = null;
        if (!path.IsEmpty)
        {
            if (!S3Uri.TryDecode(path, plusIsSpace: false, out string? text))
            {
                error = TargetError;
                return false;
            }

            if (!ObjectKey.TryParse(text, out ObjectKey parsed))
            {
                error = KeyTooLong(text);
                return false;
            }

            key = parsed;
        }

        address = new Address(bucket, key, isHostStyle);
        error = null;
        return true;
    }

    private static S3Error KeyTooLong(string key) => new(S3ErrorCode.KeyTooLongError, "Your key is too long.")
    {
        Details = [new("Size", $"{Encoding.UTF8.GetByteCount(key)}"), new("MaxSizeAllowed", $"{ObjectKey.MaxBytes}")],
    };

    // Host names compare without case, bucket names are lower case in them.
    private static bool TryFindHostBucket(ReadOnlySpan<char> host, ReadOnlySpan<char> suffix, [NotNullWhen(true)] out string? bucket)
    {
        bucket = null;
        if (!host.StartsWith('['))
        {
            int colon = host.LastIndexOf(':');
            host = colon < 0 ? host : host[..colon];
        }

        host = host.EndsWith('.') ? host[..^1] : host;
        int labelLength = host.Length - suffix.Length - 1;
        if (labelLength < 0 || host[labelLength] != '.' || !host.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        bucket = host[..labelLength].ToString().ToLowerInvariant();
        return true;
    }

    // The header counts on every PUT, not only where it makes a copy of it, so that no origin can read it where we did not.
    private static bool TryFindCopySource(
        string method, S3Query query, IHeaderDictionary headers, out CopySource? source, out S3Error? error)
    {
        source = null;
        error = null;
        for (int i = 0; i < query.Items.Count; i++)
        {
            if (query.Items[i].Key.StartsWith(S3Headers.CopySource, StringComparison.OrdinalIgnoreCase))
            {
                error = CopySourceError;
                return false;
            }
        }

        if (!HttpMethods.IsPut(method) || !headers.TryGetValue(S3Headers.CopySource, out var values))
        {
            return true;
        }

        if (values.Count != 1 || !CopySource.TryParse(values[0], out source))
        {
            error = CopySourceError;
            return false;
        }

        return true;
    }

    private static string CanonicalResource(string rawPath, in Address address)
    {
        if (S3Uri.IsPlain(rawPath, keepSlash: true))
        {
            return rawPath;
        }

        string key = address.Key is { } objectKey ? S3Uri.EncodePath(objectKey.Value) : "";
        return address.IsHostStyle || address.Bucket is null ? $"/{key}" : $"/{address.Bucket.Value.Value}/{key}";
    }

    /// <summary>What path and host address.</summary>
    private readonly record struct Address(BucketName? Bucket, ObjectKey? Key, bool IsHostStyle);
}
