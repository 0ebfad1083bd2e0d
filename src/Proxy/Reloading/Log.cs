namespace S3Proxy.Reloading;

/// <summary>Messages of reloads. Event ids 1900 to 1949.</summary>
internal static partial class Log
{
    [LoggerMessage(1900, LogLevel.Information, "The configuration was reloaded because of {Trigger}; {Count} changes: {Changes}")]
    public static partial void Applied(ILogger logger, string trigger, int count, string changes);

    [LoggerMessage(1901, LogLevel.Error, "The configuration was not reloaded because of {Trigger}: it has {Count} errors, and the one in use stays: {Errors}")]
    public static partial void Refused(ILogger logger, string trigger, int count, string errors);

    [LoggerMessage(1902, LogLevel.Information, "The configuration was looked at because of {Trigger}; it has not changed.")]
    public static partial void Unchanged(ILogger logger, string trigger);

    [LoggerMessage(1903, LogLevel.Error, "A new configuration could not be taken over, and the one in use stays. It is tried again.")]
    public static partial void Failed(ILogger logger, Exception reason);

    [LoggerMessage(1905, LogLevel.Information, "The origin {Identity} comes into use: what was known of its objects is asked about again.")]
    public static partial void Forgotten(ILogger logger, string identity);

    [LoggerMessage(1904, LogLevel.Error, "The files of the configuration could not be looked at. It is tried again.")]
    public static partial void WatchFailed(ILogger logger, Exception reason);
}
