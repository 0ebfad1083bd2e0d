using S3Proxy.Caching;
using S3Proxy.Telemetry;

namespace S3Proxy.Fetching;

/// <summary>
/// Messages of shared fetches. Event ids 2000 to 2099. What is expected to fail now and then is one line that says what to do; its stack traces are a message of their
/// own, at level Debug.
/// </summary>
internal static partial class Log
{
    /// <summary>A transfer broke, and may be resumed.</summary>
    public static void TransferBroken(ILogger logger, ObjectVersion version, long position, Exception error)
    {
        if (logger.IsEnabled(LogLevel.Warning))
        {
            TransferBroken(logger, version, position, FailureReason.Of(error));
        }

        FailedAt(logger, version.Id, error);
    }

    [LoggerMessage(2001, LogLevel.Debug, "Nobody reads {Version} any more; its run ends at slice {Slice}.")]
    public static partial void RunCancelled(ILogger logger, ObjectVersion version, int slice);

    /// <summary>A run failed for a reason that is expected; said once for all who read from it.</summary>
    public static void RunFailed(ILogger logger, ObjectVersion version, int slice, FetchException failure)
    {
        if (logger.IsEnabled(LogLevel.Warning))
        {
            RunFailed(logger, version, slice, failure.Failure, FailureReason.Of(failure), FetchAdvice.For(failure.Failure));
        }

        FailedAt(logger, version.Id, failure);
    }

    /// <summary>A fetch failed for a reason that is expected; said once for all who share it.</summary>
    public static void FetchFailed(ILogger logger, ObjectId @object, FetchException failure)
    {
        if (logger.IsEnabled(LogLevel.Warning))
        {
            FetchFailed(logger, @object, failure.Failure, FailureReason.Of(failure), FetchAdvice.For(failure.Failure));
        }

        FailedAt(logger, @object, failure);
    }

    /// <summary>A renewal that nobody waits for failed.</summary>
    public static void RefreshFailed(ILogger logger, ObjectId @object, FetchException failure)
    {
        if (logger.IsEnabled(LogLevel.Information))
        {
            RefreshFailed(logger, @object, failure.Failure, FailureReason.Of(failure));
        }

        FailedAt(logger, @object, failure);
    }

    [LoggerMessage(2005, LogLevel.Error, "The run for {Version} met an internal error at slice {Slice}.")]
    public static partial void RunUnexpected(ILogger logger, ObjectVersion version, int slice, Exception bug);

    [LoggerMessage(2006, LogLevel.Error, "The fetch of {Object} met an internal error.")]
    public static partial void FetchUnexpected(ILogger logger, ObjectId @object, Exception bug);

    [LoggerMessage(2000, LogLevel.Warning, "The transfer of {Version} broke at byte {Position}; it is resumed if it may be: {Reason}")]
    private static partial void TransferBroken(ILogger logger, ObjectVersion version, long position, string reason);

    [LoggerMessage(2002, LogLevel.Warning, "The run for {Version} failed at slice {Slice} ({Failure}): {Reason} {Advice}")]
    private static partial void RunFailed(ILogger logger, ObjectVersion version, int slice, FetchFailure failure, string reason, string advice);

    [LoggerMessage(2003, LogLevel.Warning, "The fetch of {Object} failed ({Failure}): {Reason} {Advice}")]
    private static partial void FetchFailed(ILogger logger, ObjectId @object, FetchFailure failure, string reason, string advice);

    [LoggerMessage(2004, LogLevel.Information, "{Object} could not be renewed in the background ({Failure}); it is tried again when it is read: {Reason}")]
    private static partial void RefreshFailed(ILogger logger, ObjectId @object, FetchFailure failure, string reason);

    [LoggerMessage(2007, LogLevel.Debug, "Where the failure of {Object} comes from.")]
    private static partial void FailedAt(ILogger logger, ObjectId @object, Exception error);
}
