using S3Proxy.Protocol;

namespace S3Proxy.Tests.Protocol;

public class S3ErrorStatusTests
{
    // Written out once more on purpose: a changed status must be changed in two places.
    private static readonly Dictionary<S3ErrorCode, int> Expected = new()
    {
        [S3ErrorCode.AccessDenied] = 403,
        [S3ErrorCode.AuthorizationHeaderMalformed] = 400,
        [S3ErrorCode.AuthorizationQueryParametersError] = 400,
        [S3ErrorCode.BadDigest] = 400,
        [S3ErrorCode.EntityTooLarge] = 400,
        [S3ErrorCode.IncompleteBody] = 400,
        [S3ErrorCode.InternalError] = 500,
        [S3ErrorCode.InvalidAccessKeyId] = 403,
        [S3ErrorCode.InvalidArgument] = 400,
        [S3ErrorCode.InvalidBucketName] = 400,
        [S3ErrorCode.InvalidRange] = 416,
        [S3ErrorCode.InvalidRequest] = 400,
        [S3ErrorCode.InvalidToken] = 400,
        [S3ErrorCode.InvalidURI] = 400,
        [S3ErrorCode.KeyTooLongError] = 400,
        [S3ErrorCode.MalformedTrailerError] = 400,
        [S3ErrorCode.MalformedXML] = 400,
        [S3ErrorCode.MethodNotAllowed] = 405,
        [S3ErrorCode.MissingContentLength] = 411,
        [S3ErrorCode.MissingSecurityHeader] = 400,
        [S3ErrorCode.NoSuchBucket] = 404,
        [S3ErrorCode.NoSuchKey] = 404,
        [S3ErrorCode.NotImplemented] = 501,
        [S3ErrorCode.PreconditionFailed] = 412,
        [S3ErrorCode.RequestTimeTooSkewed] = 403,
        [S3ErrorCode.ServiceUnavailable] = 503,
        [S3ErrorCode.SignatureDoesNotMatch] = 403,
        [S3ErrorCode.SlowDown] = 503,
        [S3ErrorCode.XAmzContentSHA256Mismatch] = 400,
    };

    [Fact]
    public void Every_code_has_its_status() =>
        Assert.Equal(Expected.OrderBy(e => e.Key), Enum.GetValues<S3ErrorCode>().Order().Select(c => KeyValuePair.Create(c, S3ErrorStatus.StatusOf(c))));
}
