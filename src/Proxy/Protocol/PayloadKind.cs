namespace S3Proxy.Protocol;

/// <summary>How a request body is protected, as <c>x-amz-content-sha256</c> declares it (requirement S7).</summary>
internal enum PayloadKind
{
    /// <summary>The header is missing.</summary>
    Absent,

    /// <summary><c>UNSIGNED-PAYLOAD</c>: plain bytes the signature does not cover.</summary>
    Unsigned,

    /// <summary>The SHA-256 of plain bytes; whoever reads the body must verify it.</summary>
    SignedHash,

    /// <summary><c>STREAMING-AWS4-HMAC-SHA256-PAYLOAD</c>: aws-chunked, each chunk signed.</summary>
    StreamingSigned,

    /// <summary><c>STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER</c>: aws-chunked, each chunk and the trailer signed.</summary>
    StreamingSignedTrailer,

    /// <summary><c>STREAMING-UNSIGNED-PAYLOAD-TRAILER</c>: aws-chunked, unsigned, with a checksum in the trailer.</summary>
    StreamingUnsignedTrailer,
}
