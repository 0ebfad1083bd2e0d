using System.Net.Http.Headers;
using System.Text;
using S3Proxy.Configuration;
using S3Proxy.Protocol;
using S3Proxy.Protocol.SigV4;

namespace S3Proxy.Origin.Signing;

/// <summary>
/// Signs origin requests in the header form of Signature Version 4, over what will be sent: the path as the URI spells it, the query, the
/// host with a port that is not the default, and every <c>x-amz-*</c> header. Other headers stay unsigned, so that hops may add their own.
/// Thread-safe.
/// </summary>
internal sealed class OriginRequestSigner
{
    private const string AuthorizationHeader = "Authorization";
    private const string HostHeader = "host";

    // How HttpClient joins the values of one header into a line; the origin sees, and checks, that line.
    private const string ValueSeparator = ", ";

    private readonly SigningKeyCache _signingKeys = new();

    /// <summary>
    /// Sets host, date, payload hash, token and Authorization on <paramref name="message"/>, replacing what it carried of these. Call it
    /// last: any later change of URI, method or an <c>x-amz-*</c> header breaks the signature. Sign again before sending a message again.
    /// </summary>
    /// <param name="message">Has an absolute URI made by <see cref="OriginUri"/>.</param>
    /// <param name="origin">Gives the region.</param>
    /// <param name="credentials">Keys to sign with.</param>
    /// <param name="payloadHash">Hexadecimal SHA-256 of the body, or <c>UNSIGNED-PAYLOAD</c>, or a STREAMING form.</param>
    /// <param name="now">Time to sign with.</param>
    public void Sign(
        HttpRequestMessage message, OriginConfiguration origin, SigningCredentials credentials, string payloadHash, DateTimeOffset now)
    {
        Uri uri = message.RequestUri ?? throw new ArgumentException("The request has no URI.", nameof(message));
        string timestamp = SigV4Signature.FormatTimestamp(now);
        HttpRequestHeaders headers = message.Headers;
        headers.Remove(AuthorizationHeader);
        headers.Host = uri.IsDefaultPort ? OriginUri.WireHost(uri) : $"{OriginUri.WireHost(uri)}:{uri.Port}";
        Replace(headers, S3Headers.Date, timestamp);
        Replace(headers, S3Headers.ContentSha256, payloadHash);
        Replace(headers, S3Headers.SecurityToken, credentials.SessionToken);

        List<KeyValuePair<string, string>> signed = HeadersToSign(message, headers.Host);
        ReadOnlySpan<char> date = timestamp.AsSpan(0, SigV4Signature.DateLength);
        string scope = $"{date}/{origin.Region}/{SigV4Signature.Service}/{SigV4Signature.Terminator}";
        string credential = $"{credentials.AccessKeyId}/{scope}";
        byte[] key = _signingKeys.GetOrDerive(credential, credentials.SecretAccessKey, date, origin.Region, out bool isCached);
        if (!isCached)
        {
            _signingKeys.Store(credential, credentials.SecretAccessKey, key);
        }

        Span<byte> signature = stackalloc byte[SigV4Signature.HexLength];
        var canonical = new CanonicalBuffer(stackalloc byte[CanonicalBuffer.StackBytes]);
        try
        {
            AppendCanonicalRequest(ref canonical, message.Method.Method, uri, signed, payloadHash);
            SigV4Signature.Compute(canonical.Written, timestamp, scope, key, signature);
        }
        finally
        {
            canonical.Dispose();
        }

        headers.TryAddWithoutValidation(
            AuthorizationHeader,
            $"{SigV4Signature.Algorithm} Credential={credential}, SignedHeaders={SignedNames(signed)}, "
            + $"Signature={Encoding.ASCII.GetString(signature)}");
    }

    private static void Replace(HttpRequestHeaders headers, string name, string? value)
    {
        headers.Remove(name);
        if (value is not null)
        {
            headers.TryAddWithoutValidation(name, value);
        }
    }

    // Lower-case names with the values as they will stand on the line, sorted by name.
    private static List<KeyValuePair<string, string>> HeadersToSign(HttpRequestMessage message, string host)
    {
        var signed = new List<KeyValuePair<string, string>>(8) { new(HostHeader, host) };
        foreach ((string name, HeaderStringValues values) in message.Headers.NonValidated)
        {
            if (name.StartsWith(S3Headers.AmzPrefix, StringComparison.OrdinalIgnoreCase))
            {
                signed.Add(new(name.ToLowerInvariant(), string.Join(ValueSeparator, values)));
            }
        }

        signed.Sort(static (a, b) => string.CompareOrdinal(a.Key, b.Key));
        return signed;
    }

    private static string SignedNames(List<KeyValuePair<string, string>> signed)
    {
        var names = new StringBuilder();
        foreach ((string name, _) in signed)
        {
            names.Append(names.Length == 0 ? "" : ";").Append(name);
        }

        return names.ToString();
    }

    private static void AppendCanonicalRequest(
        ref CanonicalBuffer canonical, string method, Uri uri, List<KeyValuePair<string, string>> signed, string payloadHash)
    {
        SplitTarget(uri.OriginalString, out ReadOnlySpan<char> path, out ReadOnlySpan<char> query);
        canonical.Append(method);
        canonical.Append((byte)'\n');
        canonical.Append(path);
        canonical.Append((byte)'\n');
        S3Query parsed = S3Query.TryParse(query, out S3Error? error)
            ?? throw new ArgumentException($"The query of the request cannot be signed. {error!.Message}", nameof(uri));
        CanonicalQuery.Append(ref canonical, parsed.Items, excludedName: null);
        canonical.Append((byte)'\n');
        foreach ((string name, string value) in signed)
        {
            canonical.Append(name);
            canonical.Append((byte)':');
            CanonicalHeaders.AppendValue(ref canonical, value);
            canonical.Append((byte)'\n');
        }

        canonical.Append((byte)'\n');
        canonical.Append(SignedNames(signed));
        canonical.Append((byte)'\n');
        canonical.Append(payloadHash);
    }

    private static void SplitTarget(ReadOnlySpan<char> uri, out ReadOnlySpan<char> path, out ReadOnlySpan<char> query)
    {
        ReadOnlySpan<char> rest = uri[(uri.IndexOf("://", StringComparison.Ordinal) + 3)..];
        int end = rest.IndexOfAny('/', '?');
        rest = end < 0 ? default : rest[end..];
        int mark = rest.IndexOf('?');
        path = mark < 0 ? rest : rest[..mark];
        query = mark < 0 ? default : rest[(mark + 1)..];
        path = path.IsEmpty ? "/" : path;
    }
}
