using System.Globalization;
using S3Proxy.Protocol;

namespace S3Proxy.Auth;

/// <summary>The refusals of authentication and authorisation. Messages tell what to change; none holds a secret.</summary>
internal static class AuthErrors
{
    public static S3Error NoCredentials { get; } =
        new(S3ErrorCode.AccessDenied, "Access Denied: sign the request with an access key of this proxy (AWS Signature Version 4).");

    public static S3Error Denied { get; } = new(S3ErrorCode.AccessDenied, "Access Denied");

    public static S3Error AnonymousOverride { get; } =
        new(S3ErrorCode.InvalidRequest, "Request specific response headers cannot be used for anonymous GET requests: leave the response-* parameters away, or sign.");

    public static S3Error TwoMechanisms { get; } = new(
        S3ErrorCode.InvalidArgument,
        "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter or the Authorization header should be specified.");

    public static S3Error UnsupportedMechanism { get; } = new(
        S3ErrorCode.InvalidRequest, "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.");

    public static S3Error PostForm { get; } = new(
        S3ErrorCode.NotImplemented,
        "Browser uploads with a POST form are not supported while clients sign requests; use PUT or a presigned URL.");

    public static S3Error NoDate { get; } =
        new(S3ErrorCode.AccessDenied, "AWS authentication requires a valid Date or x-amz-date header.");

    public static S3Error NoPayloadHash { get; } =
        new(S3ErrorCode.MissingSecurityHeader, "Your request is missing a required header: x-amz-content-sha256.")
        {
            Details = [new("MissingHeaderName", S3Headers.ContentSha256)],
        };

    public static S3Error SessionToken { get; } = new(
        S3ErrorCode.InvalidToken, "The provided token is malformed or otherwise invalid: keys of this proxy have no session token.");

    public static S3Error NotYetValid { get; } = new(S3ErrorCode.AccessDenied, "Request is not yet valid: X-Amz-Date lies in the future.");

    public static S3Error Malformed(bool isPresigned, string reason) => isPresigned
        ? new S3Error(S3ErrorCode.AuthorizationQueryParametersError, $"The authorization query parameters are malformed; {reason}")
        : new S3Error(S3ErrorCode.AuthorizationHeaderMalformed, $"The authorization header is malformed; {reason}");

    public static S3Error UnknownKey(ReadOnlySpan<char> accessKeyId) =>
        new(S3ErrorCode.InvalidAccessKeyId, "The AWS Access Key Id you provided does not exist in our records.")
        {
            Details = [new("AWSAccessKeyId", accessKeyId.ToString())],
        };

    public static S3Error NotSigned(string header) =>
        new(S3ErrorCode.AccessDenied, "There were headers present in the request which were not signed.")
        {
            Details = [new("HeadersNotSigned", header)],
        };

    public static S3Error Skewed(ReadOnlySpan<char> requestTime, DateTimeOffset now, TimeSpan allowed) =>
        new(S3ErrorCode.RequestTimeTooSkewed, "The difference between the request time and the current time is too large: check the client's clock.")
        {
            Details =
            [
                new("RequestTime", requestTime.ToString()),
                new("ServerTime", Iso(now)),
                new("MaxAllowedSkewMilliseconds", ((long)allowed.TotalMilliseconds).ToString(CultureInfo.InvariantCulture)),
            ],
        };

    public static S3Error Expired(TimeSpan lifetime, DateTimeOffset expiry, DateTimeOffset now) =>
        new(S3ErrorCode.AccessDenied, "Request has expired")
        {
            Details =
            [
                new("X-Amz-Expires", ((long)lifetime.TotalSeconds).ToString(CultureInfo.InvariantCulture)),
                new("Expires", Iso(expiry)),
                new("ServerTime", Iso(now)),
            ],
        };

    public static S3Error Mismatch(in SigV4Claim claim, string stringToSign) => new(
        S3ErrorCode.SignatureDoesNotMatch,
        "The request signature we calculated does not match the signature you provided. Check your key and signing method.")
    {
        Details =
        [
            new("AWSAccessKeyId", claim.AccessKeyId.ToString()),
            new("StringToSign", stringToSign),
            new("SignatureProvided", claim.Signature.ToString()),
        ],
    };

    private static string Iso(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
