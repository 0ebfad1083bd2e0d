namespace S3Proxy.Telemetry.AccessLogs;

/// <summary>Messages about the access log. Event ids 5000 to 5099.</summary>
internal static partial class Log
{
    [LoggerMessage(5000, LogLevel.Error, "The access log cannot be written; its lines are dropped and counted.")]
    public static partial void AccessLogBroken(ILogger logger, Exception error);

    [LoggerMessage(5001, LogLevel.Information, "The access log can be written again.")]
    public static partial void AccessLogMended(ILogger logger);

    [LoggerMessage(5002, LogLevel.Warning, "The access log was not written to its end; {Lines} lines are lost.")]
    public static partial void AccessLogUnfinished(ILogger logger, int lines);
}
