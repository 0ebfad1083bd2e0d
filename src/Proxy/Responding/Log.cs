using S3Proxy.Caching;
using S3Proxy.Fetching;

namespace S3Proxy.Responding;

/// <summary>Messages of responses. Event ids 2100 to 2199.</summary>
internal static partial class Log
{
    [LoggerMessage(2100, LogLevel.Warning, "A read of {Object} failed ({Failure}).")]
    public static partial void ReadFailed(ILogger logger, ObjectId @object, FetchFailure failure, Exception error);

    [LoggerMessage(2101, LogLevel.Debug, "{Object} changed while it was read; the response, of which nothing was sent, starts again ({Restart}).")]
    public static partial void Restarted(ILogger logger, ObjectId @object, int restart);
}
