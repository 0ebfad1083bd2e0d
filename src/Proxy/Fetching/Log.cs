using S3Proxy.Caching;

namespace S3Proxy.Fetching;

/// <summary>Messages of shared fetches. Event ids 2000 to 2099.</summary>
internal static partial class Log
{
    [LoggerMessage(2000, LogLevel.Warning, "The transfer of {Version} broke at byte {Position}; it is resumed if it may be.")]
    public static partial void TransferBroken(ILogger logger, ObjectVersion version, long position, Exception error);

    [LoggerMessage(2001, LogLevel.Debug, "Nobody reads {Version} any more; its run ends at slice {Slice}.")]
    public static partial void RunCancelled(ILogger logger, ObjectVersion version, int slice);

    [LoggerMessage(2002, LogLevel.Warning, "The run for {Version} failed at slice {Slice}.")]
    public static partial void RunFailed(ILogger logger, ObjectVersion version, int slice, Exception error);

    [LoggerMessage(2003, LogLevel.Warning, "The fetch of {Object} failed.")]
    public static partial void FetchFailed(ILogger logger, ObjectId @object, Exception error);

    [LoggerMessage(2004, LogLevel.Information, "{Object} could not be renewed in the background; it is tried again when it is read.")]
    public static partial void RefreshFailed(ILogger logger, ObjectId @object, Exception error);
}
