using System.Collections.Frozen;
using System.Security.Cryptography;
using S3Proxy.Protocol;
using S3Proxy.Protocol.Checksums;

namespace S3Proxy.Forwarding.Bodies;

/// <summary>
/// What a request's headers claim about its (decoded) body; null where a header is absent. Used for bodies that the proxy reads
/// whole: before it acts on one it must know that the body is what the client signed and sent.
/// </summary>
internal sealed record BodyChecksums
{
    private static readonly FrozenSet<string> HeadersOfOriginalBody = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "x-amz-sdk-checksum-algorithm",
        "x-amz-trailer",
        "x-amz-decoded-content-length");

    /// <summary><c>Content-MD5</c>: base64 of 16 bytes.</summary>
    public string? ContentMd5 { get; init; }

    /// <summary><c>x-amz-content-sha256</c>: 64 hexadecimal digits, or one of S3's words for an unsigned or chunked body.</summary>
    public string? ContentSha256 { get; init; }

    /// <summary><c>x-amz-checksum-crc32</c>: base64, as are the rest.</summary>
    public string? Crc32 { get; init; }

    public string? Crc32C { get; init; }

    public string? Crc64Nvme { get; init; }

    public string? Sha1 { get; init; }

    public string? Sha256 { get; init; }

    /// <summary>Null when every claim holds; else InvalidRequest for a claim that cannot be read, BadDigest for one that is wrong.</summary>
    public S3Error? Verify(ReadOnlySpan<byte> body) =>
        VerifyBase64("Content-MD5", ContentMd5, body, Md5)
        ?? VerifyContentSha256(body)
        ?? VerifyBase64("x-amz-checksum-crc32", Crc32, body, ReflectedCrc.Crc32.Compute)
        ?? VerifyBase64("x-amz-checksum-crc32c", Crc32C, body, ReflectedCrc.Crc32C.Compute)
        ?? VerifyBase64("x-amz-checksum-crc64nvme", Crc64Nvme, body, ReflectedCrc.Crc64Nvme.Compute)
        ?? VerifyBase64("x-amz-checksum-sha1", Sha1, body, Sha1Of)
        ?? VerifyBase64("x-amz-checksum-sha256", Sha256, body, SHA256.HashData);

    /// <summary>
    /// True for request headers that describe the client's bytes and must not travel with a body the proxy wrote itself. Content-MD5,
    /// Content-Length and x-amz-content-sha256 are not among them: they are replaced.
    /// </summary>
    public static bool DescribesOriginalBody(string header) =>
        header.StartsWith("x-amz-checksum-", StringComparison.OrdinalIgnoreCase) || HeadersOfOriginalBody.Contains(header);

    /// <summary>The digest that <c>Content-MD5</c> carries.</summary>
#pragma warning disable CA5350, CA5351 // S3 fixes these algorithms; they guard against accidents, the signature guards against people.
    public static byte[] Md5(ReadOnlySpan<byte> body) => MD5.HashData(body);

    private static byte[] Sha1Of(ReadOnlySpan<byte> body) => SHA1.HashData(body);
#pragma warning restore CA5350, CA5351

    private S3Error? VerifyContentSha256(ReadOnlySpan<byte> body)
    {
        const int HexDigits = 2 * SHA256.HashSizeInBytes;
        if (ContentSha256 is null
            || ContentSha256 == "UNSIGNED-PAYLOAD"
            || ContentSha256.StartsWith("STREAMING-", StringComparison.Ordinal))
        {
            return null;
        }

        if (ContentSha256.Length != HexDigits || !ContentSha256.All(char.IsAsciiHexDigit))
        {
            return Unreadable("x-amz-content-sha256");
        }

        return Convert.ToHexString(SHA256.HashData(body)).Equals(ContentSha256, StringComparison.OrdinalIgnoreCase)
            ? null
            : Mismatch("x-amz-content-sha256");
    }

    private static S3Error? VerifyBase64(string header, string? claim, ReadOnlySpan<byte> body, Func<ReadOnlySpan<byte>, byte[]> compute)
    {
        if (claim is null)
        {
            return null;
        }

        byte[] actual = compute(body);
        Span<byte> claimed = stackalloc byte[SHA256.HashSizeInBytes];
        if (!Convert.TryFromBase64String(claim, claimed, out int length) || length != actual.Length)
        {
            return Unreadable(header);
        }

        return claimed[..length].SequenceEqual(actual) ? null : Mismatch(header);
    }

    private static S3Error Unreadable(string header) =>
        new(S3ErrorCode.InvalidRequest, $"The value of the {header} header is not a checksum of its kind; send the encoding S3 documents for it.");

    private static S3Error Mismatch(string header) =>
        new(S3ErrorCode.BadDigest, $"The {header} you specified did not match what we received; compute it from the bytes that are sent.");
}
