namespace S3Proxy.Origin.Signing;

/// <summary>Log messages of origin signing.</summary>
internal static partial class Log
{
    [LoggerMessage(
        EventId = 1, EventName = "CredentialsRefreshFailed", Level = LogLevel.Warning,
        Message = "Refreshing the origin's credentials failed; the old ones are still valid: {HasValid}. It is tried again shortly.")]
    public static partial void CredentialsRefreshFailed(ILogger logger, bool hasValid, Exception exception);
}
