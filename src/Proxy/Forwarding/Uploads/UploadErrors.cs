using System.Globalization;
using S3Proxy.Protocol;
using S3Proxy.Protocol.SigV4;

namespace S3Proxy.Forwarding.Uploads;

/// <summary>Why an upload is refused, with the codes S3 uses for it.</summary>
internal static class UploadErrors
{
    public static S3Error NoDecodedLength { get; } = new(
        S3ErrorCode.MissingContentLength,
        $"Send the length of the object in bytes as {S3Headers.DecodedContentLength} with a body in aws-chunked encoding.");

    public static S3Error TrailerNotSupported { get; } = new(
        S3ErrorCode.InvalidRequest,
        $"The value specified in the {S3Headers.Trailer} header is not supported: name one of x-amz-checksum-crc32, -crc32c, -crc64nvme, -sha1, -sha256.");

    public static S3Error TwoChecksums { get; } = new(
        S3ErrorCode.InvalidRequest, "Expecting a single x-amz-checksum- header or trailer. Multiple checksum Types are not allowed.");

    public static S3Error AlgorithmMismatch { get; } = new(
        S3ErrorCode.InvalidRequest, $"Value for {S3Headers.SdkChecksumAlgorithm} header is invalid: it names another algorithm than {S3Headers.Trailer}.");

    public static S3Error ChunkSignature { get; } = new(
        S3ErrorCode.SignatureDoesNotMatch,
        "The signature of a chunk does not match its bytes. Check your key and signing method, and that nothing on the way changes the body.");

    public static S3Error NoChunkSignature { get; } = new(
        S3ErrorCode.SignatureDoesNotMatch,
        $"A chunk has no chunk-signature of {SigV4Signature.HexLength} hexadecimal digits, though the request declares that its chunks are signed.");

    public static S3Error TrailerSignature { get; } = new(
        S3ErrorCode.SignatureDoesNotMatch,
        $"{S3Headers.TrailerSignature} does not match the trailer. Check your key and signing method, and that nothing on the way changes the body.");

    public static S3Error Sha256Mismatch { get; } = new(
        S3ErrorCode.XAmzContentSHA256Mismatch, $"The provided '{S3Headers.ContentSha256}' header does not match what was computed.");

    public static S3Error ChunkedListOfKeys { get; } = new(
        S3ErrorCode.NotImplemented, "DeleteObjects in aws-chunked encoding cannot be passed through with the client's own signature. Send its body plain.");

    public static S3Error TooLarge(long maxBytes) => new(S3ErrorCode.EntityTooLarge, "Your proposed upload exceeds the maximum allowed size")
    {
        Details = [new("MaxSizeAllowed", maxBytes.ToString(CultureInfo.InvariantCulture))],
    };

    /// <summary>The framing is broken, or the body is shorter or longer than declared. S3 has one code for all of it.</summary>
    public static S3Error Incomplete(string reason) => new(S3ErrorCode.IncompleteBody, $"The request body cannot be used: {reason}.");

    public static S3Error MalformedTrailer(string reason) => new(
        S3ErrorCode.MalformedTrailerError,
        $"The request contained trailing data that was not well-formed or did not conform to our published schema: {reason}.");

    public static S3Error UnreadableChecksum(string header) =>
        new(S3ErrorCode.InvalidRequest, $"Value for {header} trailing header is invalid.");

    public static S3Error ChecksumMismatch(string algorithm) =>
        new(S3ErrorCode.BadDigest, $"The {algorithm.ToUpperInvariant()} you specified did not match the calculated checksum.");
}
