using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace S3Proxy.Protocol.SigV4;

/// <summary>Terms and arithmetic of Signature Version 4 (S3 API Reference, "Authenticating Requests").</summary>
internal static class SigV4Signature
{
    public const string Algorithm = "AWS4-HMAC-SHA256";
    public const string Service = "s3";
    public const string Terminator = "aws4_request";

    /// <summary>Bytes of a SHA-256 or HMAC-SHA-256.</summary>
    public const int HashBytes = 32;

    /// <summary>Characters of a signature.</summary>
    public const int HexLength = 64;

    /// <summary>Characters of a time stamp such as <c>20130524T000000Z</c>; the first eight are the scope's date.</summary>
    public const int TimestampLength = 16;

    public const int DateLength = 8;

    /// <summary>SHA-256 of no bytes: what a GET or HEAD declares as its payload.</summary>
    public const string EmptyPayloadSha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private const string TimestampFormat = "yyyyMMdd'T'HHmmss'Z'";
    private const int StackBytes = 256;

    public static string FormatTimestamp(DateTimeOffset time) => time.UtcDateTime.ToString(TimestampFormat, CultureInfo.InvariantCulture);

    public static bool TryParseTimestamp(ReadOnlySpan<char> text, out DateTimeOffset time) =>
        DateTimeOffset.TryParseExact(
            text,
            TimestampFormat,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out time);

    /// <summary>The string to sign: algorithm, time stamp, scope, hash of the canonical request.</summary>
    public static void AppendStringToSign(
        ref CanonicalBuffer destination, ReadOnlySpan<byte> canonicalRequest, ReadOnlySpan<char> timestamp, ReadOnlySpan<char> scope)
    {
        destination.Append(Algorithm);
        destination.Append((byte)'\n');
        destination.Append(timestamp);
        destination.Append((byte)'\n');
        destination.Append(scope);
        destination.Append((byte)'\n');
        Span<byte> hash = stackalloc byte[HashBytes];
        SHA256.HashData(canonicalRequest, hash);
        Span<byte> hex = stackalloc byte[HexLength];
        Convert.TryToHexStringLower(hash, hex, out _);
        destination.Append(hex);
    }

    /// <summary>Signs a canonical request.</summary>
    /// <param name="canonicalRequest">Its UTF-8 form.</param>
    /// <param name="timestamp">Time of the request, <see cref="TimestampLength"/> characters.</param>
    /// <param name="scope"><c>date/region/s3/aws4_request</c>.</param>
    /// <param name="signingKey">The derived key, <see cref="HashBytes"/> bytes.</param>
    /// <param name="signature">Receives <see cref="HexLength"/> lower-case hexadecimal digits.</param>
    public static void Compute(
        ReadOnlySpan<byte> canonicalRequest,
        ReadOnlySpan<char> timestamp,
        ReadOnlySpan<char> scope,
        ReadOnlySpan<byte> signingKey,
        Span<byte> signature)
    {
        var text = new CanonicalBuffer(stackalloc byte[StackBytes]);
        try
        {
            AppendStringToSign(ref text, canonicalRequest, timestamp, scope);
            Span<byte> hmac = stackalloc byte[HashBytes];
            HMACSHA256.HashData(signingKey, text.Written, hmac);
            Convert.TryToHexStringLower(hmac, signature, out _);
        }
        finally
        {
            text.Dispose();
        }
    }

    /// <summary>Derives the signing key of a day and region from a secret: four nested HMACs.</summary>
    public static byte[] DeriveKey(string secretAccessKey, ReadOnlySpan<char> date, ReadOnlySpan<char> region)
    {
        var text = new CanonicalBuffer(stackalloc byte[StackBytes]);
        byte[] key = new byte[HashBytes];
        try
        {
            text.Append("AWS4"u8);
            text.Append(secretAccessKey);
            Step(text.Written, date, key);
            Step(key, region, key);
            Step(key, Service, key);
            Step(key, Terminator, key);
            return key;
        }
        finally
        {
            text.Dispose();
        }

        static void Step(ReadOnlySpan<byte> key, ReadOnlySpan<char> data, Span<byte> result)
        {
            Span<byte> bytes = stackalloc byte[StackBytes];
            Span<byte> hmac = stackalloc byte[HashBytes];
            HMACSHA256.HashData(key, bytes[..Encoding.UTF8.GetBytes(data, bytes)], hmac);
            hmac.CopyTo(result);
        }
    }
}
