namespace S3Proxy.Protocol;

/// <summary>The one table from S3 error code to HTTP status (Amazon S3 API Reference, "List of error codes").</summary>
internal static class S3ErrorStatus
{
    public static int StatusOf(S3ErrorCode code) => code switch
    {
        S3ErrorCode.AccessDenied => StatusCodes.Status403Forbidden,
        S3ErrorCode.AuthorizationHeaderMalformed => StatusCodes.Status400BadRequest,
        S3ErrorCode.AuthorizationQueryParametersError => StatusCodes.Status400BadRequest,
        S3ErrorCode.BadDigest => StatusCodes.Status400BadRequest,
        S3ErrorCode.EntityTooLarge => StatusCodes.Status400BadRequest,
        S3ErrorCode.IncompleteBody => StatusCodes.Status400BadRequest,
        S3ErrorCode.InternalError => StatusCodes.Status500InternalServerError,
        S3ErrorCode.InvalidAccessKeyId => StatusCodes.Status403Forbidden,
        S3ErrorCode.InvalidArgument => StatusCodes.Status400BadRequest,
        S3ErrorCode.InvalidBucketName => StatusCodes.Status400BadRequest,
        S3ErrorCode.InvalidRange => StatusCodes.Status416RangeNotSatisfiable,
        S3ErrorCode.InvalidRequest => StatusCodes.Status400BadRequest,
        S3ErrorCode.InvalidToken => StatusCodes.Status400BadRequest,
        S3ErrorCode.InvalidURI => StatusCodes.Status400BadRequest,
        S3ErrorCode.KeyTooLongError => StatusCodes.Status400BadRequest,
        S3ErrorCode.MalformedTrailerError => StatusCodes.Status400BadRequest,
        S3ErrorCode.MalformedXML => StatusCodes.Status400BadRequest,
        S3ErrorCode.MethodNotAllowed => StatusCodes.Status405MethodNotAllowed,
        S3ErrorCode.MissingContentLength => StatusCodes.Status411LengthRequired,
        S3ErrorCode.MissingSecurityHeader => StatusCodes.Status400BadRequest,
        S3ErrorCode.NoSuchBucket => StatusCodes.Status404NotFound,
        S3ErrorCode.NoSuchKey => StatusCodes.Status404NotFound,
        S3ErrorCode.NotImplemented => StatusCodes.Status501NotImplemented,
        S3ErrorCode.PreconditionFailed => StatusCodes.Status412PreconditionFailed,
        S3ErrorCode.RequestTimeTooSkewed => StatusCodes.Status403Forbidden,
        S3ErrorCode.ServiceUnavailable => StatusCodes.Status503ServiceUnavailable,
        S3ErrorCode.SignatureDoesNotMatch => StatusCodes.Status403Forbidden,
        S3ErrorCode.SlowDown => StatusCodes.Status503ServiceUnavailable,
        S3ErrorCode.XAmzContentSHA256Mismatch => StatusCodes.Status400BadRequest,
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, "Not in the table; add the code with its status."),
    };
}
