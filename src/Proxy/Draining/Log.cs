namespace S3Proxy.Draining;

/// <summary>Messages of the end of the process. Event ids 1950 to 1999.</summary>
internal static partial class Log
{
    [LoggerMessage(1950, LogLevel.Information, "Asked to end: not ready any more; connections are accepted for {Delay} more.")]
    public static partial void Draining(ILogger logger, TimeSpan delay);

    [LoggerMessage(1951, LogLevel.Information, "No connections are accepted on the data port any more; requests that run are finished.")]
    public static partial void Stopping(ILogger logger);

    [LoggerMessage(1952, LogLevel.Warning, "Asked to end a second time: what still runs is cut off.")]
    public static partial void AtOnce(ILogger logger);

    [LoggerMessage(1953, LogLevel.Warning, "{Count} requests that still ran were cut off.")]
    public static partial void CutOff(ILogger logger, int count);

    [LoggerMessage(1954, LogLevel.Information, "All requests were finished.")]
    public static partial void Drained(ILogger logger);
}
