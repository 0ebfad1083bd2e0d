using System.Net.Sockets;
using S3Proxy.Telemetry;
using StackExchange.Redis;

namespace S3Proxy.Caching.Redis;

/// <summary>What is logged about Redis. Never a password, a key or a value. Event ids 4000 to 4099.</summary>
internal static partial class Log
{
    [LoggerMessage(4000, LogLevel.Information, "Redis: {Purpose} connected to {Endpoints}.")]
    public static partial void Connected(this ILogger logger, string purpose, string endpoints);

    /// <summary>Redis cannot be reached: one line that says why, with the stack traces at level Debug unless it is nothing that the client library foresees.</summary>
    public static void Away(this ILogger logger, string purpose, string endpoints, Exception? error)
    {
        bool isForeseen = error is null or RedisException or TimeoutException or IOException or SocketException;
        if (logger.IsEnabled(LogLevel.Warning))
        {
            Away(logger, purpose, endpoints, error is null ? "no server answers." : FailureReason.Of(error), isForeseen ? null : error);
        }

        if (isForeseen && error is not null)
        {
            AwayBecause(logger, purpose, error);
        }
    }

    [LoggerMessage(4002, LogLevel.Warning, "Redis: {Purpose} lost {Endpoint} ({Failure}).")]
    public static partial void ConnectionLost(this ILogger logger, string purpose, string endpoint, ConnectionFailureType failure);

    [LoggerMessage(4003, LogLevel.Information, "Redis: {Purpose} is connected to {Endpoint} again.")]
    public static partial void ConnectionRestored(this ILogger logger, string purpose, string endpoint);

    [LoggerMessage(4004, LogLevel.Error, "Redis: a message on {Channel} could not be handled.")]
    public static partial void HandlerFailed(this ILogger logger, string channel, Exception error);

    [LoggerMessage(4005, LogLevel.Warning, "Redis: {Purpose} gets nothing from {Endpoints}; connecting anew.")]
    public static partial void Replaced(this ILogger logger, string purpose, string endpoints);

    [LoggerMessage(4001, LogLevel.Warning, "Redis: {Purpose} cannot reach {Endpoints}; going on without it, and trying again: {Reason}")]
    private static partial void Away(ILogger logger, string purpose, string endpoints, string reason, Exception? unforeseen);

    [LoggerMessage(4006, LogLevel.Debug, "Redis: where it comes from that {Purpose} is without it.")]
    private static partial void AwayBecause(ILogger logger, string purpose, Exception error);
}
