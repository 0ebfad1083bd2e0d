namespace S3Proxy.Testing.Origin.Protocol;

/// <summary>The one table of statuses and messages.</summary>
internal static class OriginErrors
{
    public static (int Status, string Message) Describe(OriginErrorCode code) => code switch
    {
        OriginErrorCode.AccessDenied => (403, "Access Denied"),
        OriginErrorCode.AuthorizationHeaderMalformed => (400, "The authorization header is malformed."),
        OriginErrorCode.AuthorizationQueryParametersError => (400, "The authorization query parameters are malformed."),
        OriginErrorCode.BadDigest => (400, "The digest or checksum you specified did not match what we received."),
        OriginErrorCode.BucketAlreadyOwnedByYou => (409, "Your previous request to create the named bucket succeeded and you already own it."),
        OriginErrorCode.BucketNotEmpty => (409, "The bucket you tried to delete is not empty."),
        OriginErrorCode.EntityTooLarge => (400, "Your proposed upload exceeds the maximum allowed object size."),
        OriginErrorCode.EntityTooSmall => (400, "Your proposed upload is smaller than the minimum allowed size."),
        OriginErrorCode.IncompleteBody => (400, "You did not provide the number of bytes specified by the Content-Length HTTP header."),
        OriginErrorCode.InternalError => (500, "We encountered an internal error. Please try again."),
        OriginErrorCode.InvalidAccessKeyId => (403, "The AWS access key ID you provided does not exist in our records."),
        OriginErrorCode.InvalidArgument => (400, "Invalid Argument"),
        OriginErrorCode.InvalidBucketName => (400, "The specified bucket is not valid."),
        OriginErrorCode.InvalidDigest => (400, "The Content-MD5 you specified is not valid."),
        OriginErrorCode.InvalidPart => (400, "One or more of the specified parts could not be found, or its ETag does not match."),
        OriginErrorCode.InvalidPartOrder => (400, "The list of parts was not in ascending order."),
        OriginErrorCode.InvalidRange => (416, "The requested range is not satisfiable"),
        OriginErrorCode.InvalidRequest => (400, "Invalid Request"),
        OriginErrorCode.InvalidURI => (400, "Couldn't parse the specified URI."),
        OriginErrorCode.KeyTooLongError => (400, "Your key is too long"),
        OriginErrorCode.MalformedXML => (400, "The XML you provided was not well-formed or did not validate against our published schema"),
        OriginErrorCode.MethodNotAllowed => (405, "The specified method is not allowed against this resource."),
        OriginErrorCode.MissingContentLength => (411, "You must provide the Content-Length HTTP header."),
        OriginErrorCode.NoSuchBucket => (404, "The specified bucket does not exist"),
        OriginErrorCode.NoSuchKey => (404, "The specified key does not exist."),
        OriginErrorCode.NoSuchUpload => (404, "The specified upload does not exist. It may have been aborted or completed."),
        OriginErrorCode.NoSuchVersion => (404, "The specified version does not exist."),
        OriginErrorCode.NotImplemented => (501, "A header or operation you provided implies functionality that is not implemented."),
        OriginErrorCode.PreconditionFailed => (412, "At least one of the pre-conditions you specified did not hold"),
        OriginErrorCode.RequestTimeTooSkewed => (403, "The difference between the request time and the current time is too large."),
        OriginErrorCode.ServiceUnavailable => (503, "Service is unable to handle request."),
        OriginErrorCode.SignatureDoesNotMatch => (403, "The request signature we calculated does not match the signature you provided."),
        OriginErrorCode.SlowDown => (503, "Please reduce your request rate."),
        OriginErrorCode.XAmzContentSHA256Mismatch => (400, "The provided 'x-amz-content-sha256' header does not match what was computed."),
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, "Not an error of this table."),
    };

    /// <summary>The code S3 sends most often with a status; for statuses a fault asks for.</summary>
    public static OriginErrorCode TypicalFor(int status) => status switch
    {
        403 => OriginErrorCode.AccessDenied,
        404 => OriginErrorCode.NoSuchKey,
        405 => OriginErrorCode.MethodNotAllowed,
        412 => OriginErrorCode.PreconditionFailed,
        416 => OriginErrorCode.InvalidRange,
        501 => OriginErrorCode.NotImplemented,
        503 => OriginErrorCode.SlowDown,
        < 500 => OriginErrorCode.InvalidRequest,
        _ => OriginErrorCode.InternalError,
    };
}
