using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace S3Proxy.Protocol.SigV4;

/// <summary>
/// What a client shows the origin of itself, byte for byte: target, Host and the headers its Signature Version 4 covers (requirement A3). The proxy cannot check
/// such a signature; only the origin's answer to it tells whether the client may read. Immutable.
/// </summary>
/// <remarks>
/// Headers that are not signed may be added to it: a <c>Range</c> or a condition of the proxy's own, unless the client has signed one itself.
/// Holds a usable signature: never log it.
/// </remarks>
internal sealed class ClientProof
{
    /// <summary>Longest time S3 takes a signature in a header for fresh (S3 API Reference, "Authenticating Requests").</summary>
    private static readonly TimeSpan HeaderLifetime = TimeSpan.FromMinutes(15);

    private readonly HashSet<string> _signed;

    private ClientProof(S3Request request, string host, HashSet<string> signed, KeyValuePair<string, StringValues>[] headers, DateTimeOffset? expires)
    {
        Method = request.Method;
        Target = request.OriginForm;
        Host = host;
        _signed = signed;
        Headers = headers;
        Expires = expires;
        Fingerprint = FingerprintOf(this);
    }

    /// <summary>The only method the signature is good for.</summary>
    public string Method { get; }

    /// <summary>Path and query as the client sent them.</summary>
    public string Target { get; }

    /// <summary>The client's Host header.</summary>
    public string Host { get; }

    /// <summary>The headers to repeat to the origin, Host aside.</summary>
    public IReadOnlyList<KeyValuePair<string, StringValues>> Headers { get; }

    /// <summary>When the origin stops accepting the signature; null for a request without one, which is not the same request when it comes again.</summary>
    public DateTimeOffset? Expires { get; }

    /// <summary>SHA-256 of all that the origin judges by: equal for the very same signed request only.</summary>
    public string Fingerprint { get; }

    /// <summary>True when the client asked for checksums, and so the origin tells them.</summary>
    public bool AsksForChecksums => Headers.Any(static header => header.Key.Equals("x-amz-checksum-mode", StringComparison.OrdinalIgnoreCase));

    /// <summary>True when the client's signature covers this header, so that it must reach the origin as it is or not at all.</summary>
    public bool Signs(string header) => _signed.Contains(header);

    /// <summary>
    /// Reads what a client shows. Null when the request cannot be repeated for a shared fetch: another signature scheme, or headers that are signed or meaningful
    /// and cannot stand beside the proxy's own. Such a request is forwarded as it is.
    /// </summary>
    public static ClientProof? TryRead(S3Request request, IHeaderDictionary headers)
    {
        string? signedNames = "";
        string? date = null;
        TimeSpan lifetime = HeaderLifetime;
        if (headers.Authorization.Count > 0)
        {
            signedNames = SignedNamesOf(headers.Authorization);
            date = headers[S3Headers.Date].ToString();
        }
        else if (request.Query.Has("X-Amz-Signature"))
        {
            signedNames = request.Query.Find("X-Amz-Algorithm") == SigV4Signature.Algorithm ? request.Query.Find("X-Amz-SignedHeaders") : null;
            date = request.Query.Find("X-Amz-Date");
            lifetime = TimeSpan.FromSeconds(int.TryParse(request.Query.Find("X-Amz-Expires"), NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) ? seconds : 0);
        }
        else if (request.Query.Has("Signature"))
        {
            return null;
        }

        if (signedNames is null)
        {
            return null;
        }

        HashSet<string> signed = new(signedNames.Split(';', StringSplitOptions.RemoveEmptyEntries), StringComparer.OrdinalIgnoreCase);
        return TryCopy(headers, signed) is not { } copied ? null : new ClientProof(
            request, headers.Host.ToString(), signed, copied,
            SigV4Signature.TryParseTimestamp(date, out DateTimeOffset signedAt) ? signedAt + lifetime : null);
    }

    private static string? SignedNamesOf(StringValues authorization)
    {
        if (authorization is not [{ } text] || !text.StartsWith(SigV4Signature.Algorithm + " ", StringComparison.Ordinal))
        {
            return null;
        }

        const string Field = "SignedHeaders=";
        int start = text.IndexOf(Field, StringComparison.Ordinal);
        return start < 0 ? null : text[(start + Field.Length)..].Split(',', 2)[0].Trim();
    }

    /// <summary>Null when one of the headers stands in the way of a shared fetch.</summary>
    private static KeyValuePair<string, StringValues>[]? TryCopy(IHeaderDictionary headers, HashSet<string> signed)
    {
        List<KeyValuePair<string, StringValues>> copied = [];
        foreach ((string name, StringValues value) in headers)
        {
            if (name.Equals("Host", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            bool isAmz = name.StartsWith(S3Headers.AmzPrefix, StringComparison.OrdinalIgnoreCase);
            if ((isAmz && !IsHarmless(name)) || (signed.Contains(name) && StandsInTheWay(name, value)))
            {
                return null;
            }

            if (isAmz || signed.Contains(name) || IsJudgedBy(name))
            {
                copied.Add(new(name, value));
            }
        }

        return [.. copied];
    }

    /// <summary>Headers of S3 that prove, or change nothing that is shared.</summary>
    private static bool IsHarmless(string name) => name.ToLowerInvariant() is
        S3Headers.Date or S3Headers.ContentSha256 or S3Headers.SecurityToken or "x-amz-checksum-mode" or "x-amz-user-agent";

    /// <summary>Headers a bucket policy may ask about, and those that prove.</summary>
    private static bool IsJudgedBy(string name) => name.ToLowerInvariant() is "authorization" or "date" or "referer" or "user-agent";

    /// <summary>
    /// True for a signed header that a shared fetch must set otherwise or cannot send. A signed Range does not: such a read is only ever asked about, never led.
    /// </summary>
    private static bool StandsInTheWay(string name, StringValues value) =>
        name.StartsWith("If-", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase)
        || name.ToLowerInvariant() is "connection" or "expect" or "te" or "trailer" or "transfer-encoding" or "upgrade" or "via"
        || (name.Equals("Accept-Encoding", StringComparison.OrdinalIgnoreCase) && value != "identity");

    private static string FingerprintOf(ClientProof proof)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, proof.Method);
        Append(hash, proof.Target);
        Append(hash, proof.Host);
        foreach ((string name, StringValues values) in proof.Headers.OrderBy(static header => header.Key, StringComparer.OrdinalIgnoreCase))
        {
            Append(hash, name.ToLowerInvariant());
            foreach (string? value in values)
            {
                Append(hash, value ?? "");
            }
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, string text)
    {
        // With its length before it, so that no two lists of texts are one row of bytes.
        hash.AppendData(BitConverter.GetBytes(text.Length));
        hash.AppendData(Encoding.UTF8.GetBytes(text));
    }
}
