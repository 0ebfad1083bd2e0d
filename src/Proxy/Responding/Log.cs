using S3Proxy.Caching;
using S3Proxy.Fetching;
using S3Proxy.Telemetry;

namespace S3Proxy.Responding;

/// <summary>Messages of responses. Event ids 2100 to 2199.</summary>
internal static partial class Log
{
    /// <summary>A read failed: a line that says why and what to do, unless the fetch that it shared has said so; the stack traces only at level Debug.</summary>
    public static void ReadFailed(ILogger logger, ObjectId @object, FetchException failure)
    {
        if (!failure.IsTold && logger.IsEnabled(LogLevel.Warning))
        {
            ReadFailed(logger, @object, failure.Failure, FailureReason.Of(failure), FetchAdvice.For(failure.Failure));
        }

        ReadFailedAt(logger, @object, failure.Failure, failure);
    }

    [LoggerMessage(2101, LogLevel.Debug, "{Object} changed while it was read; the response, of which nothing was sent, starts again ({Restart}).")]
    public static partial void Restarted(ILogger logger, ObjectId @object, int restart);

    [LoggerMessage(2100, LogLevel.Warning, "A read of {Object} failed ({Failure}): {Reason} {Advice}")]
    private static partial void ReadFailed(ILogger logger, ObjectId @object, FetchFailure failure, string reason, string advice);

    [LoggerMessage(2102, LogLevel.Debug, "A read of {Object} ended with an error ({Failure}).")]
    private static partial void ReadFailedAt(ILogger logger, ObjectId @object, FetchFailure failure, Exception error);
}
