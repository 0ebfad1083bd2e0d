using S3Proxy.Fetching;
using S3Proxy.Protocol;

namespace S3Proxy.Responding;

/// <summary>What failures of shared fetches come to; the one table from them to S3 errors.</summary>
internal static class FetchFailures
{
    /// <summary>
    /// True when the origin could not be asked, as opposed to having answered something that is no use: what is cached may stand in for it (requirement C5,
    /// stale-if-error).
    /// </summary>
    public static bool IsOriginsAbsence(FetchFailure failure) => failure is FetchFailure.Unreachable or FetchFailure.TimedOut or FetchFailure.Broken or FetchFailure.Crowded;

    public static S3Error ToS3(FetchFailure failure) => failure switch
    {
        FetchFailure.Unreachable => new(S3ErrorCode.ServiceUnavailable, "The origin cannot be reached. Please retry."),
        FetchFailure.TimedOut => new(S3ErrorCode.ServiceUnavailable, "The origin did not answer in time. Please retry."),
        FetchFailure.Broken => new(S3ErrorCode.ServiceUnavailable, "The transfer from the origin broke. Please retry."),
        FetchFailure.Corrupt => new(S3ErrorCode.InternalError, "The bytes the origin sent do not have the object's checksum and were not used. Please retry."),
        FetchFailure.Changed => new(S3ErrorCode.ServiceUnavailable, "The object kept changing while it was read. Please retry."),
        FetchFailure.OutOfMemory => new(S3ErrorCode.SlowDown, "The cache has no room for this read at the moment. Please reduce your request rate."),
        FetchFailure.Contended => new(S3ErrorCode.SlowDown, "The read could not be scheduled. Please reduce your request rate."),
        FetchFailure.Crowded => new(S3ErrorCode.SlowDown, "The origin has as many requests as it takes. Please reduce your request rate."),
        FetchFailure.NotAsSigned => new(S3ErrorCode.ServiceUnavailable, "The object changed while it was read. Please retry."),
        FetchFailure.NoCredentials => new(S3ErrorCode.InternalError, "The proxy has no credentials for the origin. Its log says why."),
        FetchFailure.InvalidAnswer => new(S3ErrorCode.InternalError, "The origin's answer contradicts itself and was not used."),
        _ => throw new ArgumentOutOfRangeException(nameof(failure), failure, "No S3 error is defined for this failure."),
    };
}
