using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace S3Proxy.ConformanceTests.Differential;

/// <summary>
/// Signature version 4 for S3 by the specification, apart from the product's own: what both misread alike would go unseen. (S3 API Reference, "Authenticating Requests".)
/// </summary>
internal sealed class CallSigner(string accessKeyId, string secretAccessKey)
{
    private const string Algorithm = "AWS4-HMAC-SHA256";
    private const string UnsignedPayload = "UNSIGNED-PAYLOAD";

    /// <summary>Returns query and headers with what the signature adds.</summary>
    /// <param name="call">Tells method, query, headers, body and the way of signing.</param>
    /// <param name="path">The path of the request target, as sent.</param>
    /// <param name="host">The Host header.</param>
    public (string Query, ImmutableArray<KeyValuePair<string, string>> Headers) Sign(S3Call call, string path, string host)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        return call.Signing switch
        {
            CallSigning.Anonymous => (call.Query, call.Headers),
            CallSigning.Presigned or CallSigning.PresignedWrongSecret => Presign(call, path, host, now, TimeSpan.FromMinutes(5)),
            CallSigning.PresignedExpired => Presign(call, path, host, now.AddHours(-1), TimeSpan.FromMinutes(1)),
            CallSigning.PresignedTooLong => Presign(call, path, host, now, TimeSpan.FromDays(8)),
            CallSigning.Skewed => SignHeaders(call, path, host, now.AddHours(-1)),
            _ => SignHeaders(call, path, host, now),
        };
    }

    private (string Query, ImmutableArray<KeyValuePair<string, string>> Headers) SignHeaders(S3Call call, string path, string host, DateTimeOffset now)
    {
        string time = Timestamp(now);
        string payload = call.Headers.FirstOrDefault(field => Is(field.Key, "x-amz-content-sha256")).Value ?? Hex(SHA256.HashData(call.Body ?? []));
        var headers = call.Headers.RemoveAll(field => Is(field.Key, "x-amz-content-sha256"))
            .Add(new("x-amz-content-sha256", payload))
            .Add(new("x-amz-date", call.Signing == CallSigning.BadDate ? "yesterday" : time));
        var signed = SignedHeaders(headers, host);
        string scope = Scope(time, call.Region);
        string signature = Signature(call, Canonical(call.Method, path, call.Query, signed, payload), time, scope);
        string names = string.Join(';', signed.Keys);
        return (call.Query, headers.Add(new("Authorization", $"{Algorithm} Credential={KeyId(call)}/{scope}, SignedHeaders={names}, Signature={signature}")));
    }

    private (string Query, ImmutableArray<KeyValuePair<string, string>> Headers) Presign(S3Call call, string path, string host, DateTimeOffset now, TimeSpan lifetime)
    {
        string time = Timestamp(now);
        string scope = Scope(time, call.Region);
        var signed = SignedHeaders(call.Headers, host);
        string query = string.Create(
            CultureInfo.InvariantCulture,
            $"{call.Query}{(call.Query.Length == 0 ? "" : "&")}X-Amz-Algorithm={Algorithm}&X-Amz-Credential={Encode($"{KeyId(call)}/{scope}")}&X-Amz-Date={time}&X-Amz-Expires={(long)lifetime.TotalSeconds}&X-Amz-SignedHeaders={Encode(string.Join(';', signed.Keys))}");
        string signature = Signature(call, Canonical(call.Method, path, query, signed, UnsignedPayload), time, scope);
        return ($"{query}&X-Amz-Signature={signature}", call.Headers);
    }

    private string KeyId(S3Call call) => call.Signing == CallSigning.UnknownKey ? "NOBODYSACCESSKEY0001" : accessKeyId;

    private string Signature(S3Call call, string canonical, string time, string scope)
    {
        string secret = call.Signing is CallSigning.WrongSecret or CallSigning.PresignedWrongSecret ? "another" + secretAccessKey : secretAccessKey;
        byte[] key = Encoding.UTF8.GetBytes("AWS4" + secret);
        foreach (string part in scope.Split('/'))
        {
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        }

        string toSign = $"{Algorithm}\n{time}\n{scope}\n{Hex(SHA256.HashData(Encoding.Latin1.GetBytes(canonical)))}";
        return Hex(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(toSign)));
    }

    private static string Canonical(string method, string path, string query, SortedDictionary<string, string> signed, string payload)
    {
        var items = query.Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(item => item.Split('=', 2))
            .Select(item => (Name: Recode(item[0], keepSlash: false), Value: item.Length == 1 ? "" : Recode(item[1], keepSlash: false)))
            .OrderBy(item => item.Name, StringComparer.Ordinal).ThenBy(item => item.Value, StringComparer.Ordinal);
        string canonicalQuery = string.Join('&', items.Select(item => $"{item.Name}={item.Value}"));
        string headers = string.Concat(signed.Select(field => $"{field.Key}:{field.Value}\n"));
        return $"{method}\n{Recode(path, keepSlash: true)}\n{canonicalQuery}\n{headers}\n{string.Join(';', signed.Keys)}\n{payload}";
    }

    private static SortedDictionary<string, string> SignedHeaders(IEnumerable<KeyValuePair<string, string>> headers, string host)
    {
        SortedDictionary<string, string> signed = new(StringComparer.Ordinal) { ["host"] = host };
        foreach ((string name, string value) in headers)
        {
            if (name.StartsWith("x-amz-", StringComparison.OrdinalIgnoreCase) || Is(name, "Content-MD5") || Is(name, "Content-Type"))
            {
                signed[name.ToLowerInvariant()] = string.Join(' ', value.Split(' ', StringSplitOptions.RemoveEmptyEntries));
            }
        }

        return signed;
    }

    /// <summary>Decodes what is percent-encoded and encodes all but unreserved characters.</summary>
    private static string Recode(string text, bool keepSlash)
    {
        StringBuilder encoded = new();
        for (int i = 0; i < text.Length; i++)
        {
            char character = text[i];
            if (character == '%' && i + 2 < text.Length && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2]))
            {
                character = (char)int.Parse(text.AsSpan(i + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                i += 2;
            }

            bool isPlain = char.IsAsciiLetterOrDigit(character) || character is '-' or '.' or '_' or '~' || (keepSlash && character == '/');
            encoded.Append(isPlain ? character.ToString() : $"%{(int)character:X2}");
        }

        return encoded.ToString();
    }

    private static string Scope(string time, string region) => $"{time[..8]}/{region}/s3/aws4_request";

    private static string Timestamp(DateTimeOffset time) => time.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    private static string Encode(string text) => Uri.EscapeDataString(text);

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);

    private static bool Is(string name, string other) => string.Equals(name, other, StringComparison.OrdinalIgnoreCase);
}
