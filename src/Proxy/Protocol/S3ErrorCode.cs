namespace S3Proxy.Protocol;

/// <summary>The S3 errors the proxy itself answers with (Amazon S3 API Reference, "List of error codes").</summary>
internal enum S3ErrorCode
{
    AccessDenied,
    AuthorizationHeaderMalformed,
    AuthorizationQueryParametersError,
    BadDigest,
    EntityTooLarge,
    InternalError,
    InvalidAccessKeyId,
    InvalidArgument,
    InvalidBucketName,
    InvalidRange,
    InvalidRequest,
    InvalidToken,
    InvalidURI,
    KeyTooLongError,
    MalformedXML,
    MethodNotAllowed,
    MissingSecurityHeader,
    NoSuchBucket,
    NoSuchKey,
    NotImplemented,
    PreconditionFailed,
    RequestTimeTooSkewed,
    ServiceUnavailable,
    SignatureDoesNotMatch,
    SlowDown,
}
