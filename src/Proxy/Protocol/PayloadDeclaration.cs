using Microsoft.Extensions.Primitives;

namespace S3Proxy.Protocol;

/// <summary>What a request says about its body before the first byte of it (S3 API Reference, "Authenticating Requests").</summary>
/// <param name="Kind">The protection declared.</param>
/// <param name="HeaderValue">The value as sent, which is what was signed; null when absent.</param>
/// <param name="HasChunkedEncoding">True when Content-Encoding names <c>aws-chunked</c>.</param>
internal readonly record struct PayloadDeclaration(PayloadKind Kind, string? HeaderValue, bool HasChunkedEncoding)
{
    public const string UnsignedValue = "UNSIGNED-PAYLOAD";

    /// <summary>The content coding of bodies in chunks.</summary>
    public const string ChunkedCoding = "aws-chunked";

    public const string StreamingUnsignedTrailerValue = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";

    private const int Sha256HexLength = 64;

    private static readonly S3Error ValueError = new(
        S3ErrorCode.InvalidArgument,
        "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, "
        + "STREAMING-UNSIGNED-PAYLOAD-TRAILER, or a valid sha256 value.")
    {
        Details = [new("ArgumentName", S3Headers.ContentSha256)],
    };

    /// <summary>Hexadecimal SHA-256 of the body; null unless <see cref="PayloadKind.SignedHash"/>.</summary>
    public string? Sha256Hex => Kind == PayloadKind.SignedHash ? HeaderValue : null;

    /// <summary>True when the body is in chunks that must be unwrapped before the bytes are those of the object.</summary>
    public bool IsStreaming => Kind >= PayloadKind.StreamingSigned;

    /// <summary>
    /// Reads <c>x-amz-content-sha256</c> and Content-Encoding. False, with the reason, when the former has no known meaning.
    /// </summary>
    public static bool TryParse(IHeaderDictionary headers, out PayloadDeclaration declaration, out S3Error? error)
    {
        bool chunked = NamesChunked(headers.ContentEncoding);
        if (!headers.TryGetValue(S3Headers.ContentSha256, out StringValues values) || values.Count == 0)
        {
            declaration = new PayloadDeclaration(PayloadKind.Absent, null, chunked);
            error = null;
            return true;
        }

        return TryParse(values.Count == 1 ? values[0] : null, chunked, out declaration, out error);
    }

    /// <summary>As above, for a value that is already at hand.</summary>
    public static bool TryParse(string? value, bool hasChunkedEncoding, out PayloadDeclaration declaration, out S3Error? error)
    {
        PayloadKind? kind = value switch
        {
            UnsignedValue => PayloadKind.Unsigned,
            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" => PayloadKind.StreamingSigned,
            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER" => PayloadKind.StreamingSignedTrailer,
            StreamingUnsignedTrailerValue => PayloadKind.StreamingUnsignedTrailer,
            { Length: Sha256HexLength } when IsHex(value) => PayloadKind.SignedHash,
            _ => null,
        };
        declaration = new PayloadDeclaration(kind ?? PayloadKind.Absent, value, hasChunkedEncoding);
        error = kind is null ? ValueError : null;
        return kind is not null;
    }

    private static bool IsHex(string text)
    {
        foreach (char c in text)
        {
            if (!char.IsAsciiHexDigit(c))
            {
                return false;
            }
        }

        return true;
    }

    private static bool NamesChunked(StringValues contentEncoding)
    {
        foreach (string? line in contentEncoding)
        {
            foreach (Range range in line.AsSpan().Split(','))
            {
                if (line.AsSpan()[range].Trim(" \t").Equals(ChunkedCoding, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
