namespace S3Proxy.Pipeline;

/// <summary>Messages of the pipeline. Event ids 1000 to 1099.</summary>
internal static partial class Log
{
    [LoggerMessage(1000, LogLevel.Debug, "The client left before its answer was complete.")]
    public static partial void ClientLeft(ILogger logger);

    [LoggerMessage(1001, LogLevel.Error, "A request met an internal error.")]
    public static partial void Unexpected(ILogger logger, Exception bug);

    [LoggerMessage(1004, LogLevel.Warning, "The system has refused a file in memory (error {Error}); bodies are copied to clients, as with listen.zeroCopy: false.")]
    public static partial void NoMemoryFile(ILogger logger, int error);

    [LoggerMessage(1003, LogLevel.Information, "s3proxy is listening: data {Data} admin {Admin}")]
    public static partial void Listening(ILogger logger, string data, string admin);
}
