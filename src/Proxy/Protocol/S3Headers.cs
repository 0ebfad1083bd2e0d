namespace S3Proxy.Protocol;

/// <summary>Names of S3's own headers and query parameters, lower case as they are signed.</summary>
internal static class S3Headers
{
    public const string AmzPrefix = "x-amz-";
    public const string ContentSha256 = "x-amz-content-sha256";
    public const string CopySource = "x-amz-copy-source";
    public const string Date = "x-amz-date";
    public const string DecodedContentLength = "x-amz-decoded-content-length";
    public const string RequestId = "x-amz-request-id";
    public const string SdkChecksumAlgorithm = "x-amz-sdk-checksum-algorithm";
    public const string SecurityToken = "x-amz-security-token";
    public const string Trailer = "x-amz-trailer";
    public const string TrailerSignature = "x-amz-trailer-signature";
}
