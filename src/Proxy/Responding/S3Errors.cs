using System.Globalization;
using S3Proxy.Protocol;

namespace S3Proxy.Responding;

/// <summary>S3 errors that answers from the cache need, with the details S3 gives.</summary>
internal static class S3Errors
{
    /// <param name="condition">Name of the header whose condition failed.</param>
    public static S3Error PreconditionFailed(string condition) =>
        new(S3ErrorCode.PreconditionFailed, "At least one of the pre-conditions you specified did not hold")
        {
            Details = [new("Condition", condition)],
        };

    /// <param name="range">The Range header as sent.</param>
    /// <param name="sizeBytes">Bytes of the object.</param>
    public static S3Error InvalidRange(string range, long sizeBytes) =>
        new(S3ErrorCode.InvalidRange, "The requested range is not satisfiable")
        {
            Details = [new("RangeRequested", range), new("ActualObjectSize", sizeBytes.ToString(CultureInfo.InvariantCulture))],
        };

    /// <summary>The error for an origin's status that came without a body.</summary>
    public static S3Error ForStatus(int status) => status switch
    {
        StatusCodes.Status404NotFound => new(S3ErrorCode.NoSuchKey, "The specified key does not exist."),
        StatusCodes.Status403Forbidden => new(S3ErrorCode.AccessDenied, "Access Denied"),
        StatusCodes.Status503ServiceUnavailable => new(S3ErrorCode.ServiceUnavailable, "The origin is unavailable. Please retry."),
        _ => new(S3ErrorCode.InternalError, string.Create(CultureInfo.InvariantCulture, $"The origin answered {status}.")),
    };
}
