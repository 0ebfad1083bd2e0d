using S3Proxy.Caching.Redis;
using S3Proxy.Telemetry;

namespace S3Proxy.Fleet;

/// <summary>Messages of the fleet. Event ids 2400 to 2499.</summary>
internal static partial class Log
{
    [LoggerMessage(2400, LogLevel.Warning, "A message of {Bytes} bytes from another replica cannot be read and is dropped. Do all replicas run the same version?")]
    public static partial void BadMessage(ILogger logger, int bytes);

    [LoggerMessage(2401, LogLevel.Error, "A message of kind {Kind} from replica {Replica} could not be handled.")]
    public static partial void MessageFailed(ILogger logger, FleetMessageKind kind, string replica, Exception error);

    [LoggerMessage(2402, LogLevel.Information, "Replica {Replica} has joined the fleet of {Members} and hears what others change.")]
    public static partial void Joined(ILogger logger, string replica, int members);

    [LoggerMessage(2403, LogLevel.Warning, "Replica {Replica} does not hear what others change: {Reason}. Until it does, reads ask the origin whether what is in memory still holds.")]
    public static partial void NotHearing(ILogger logger, string replica, string reason);

    [LoggerMessage(2404, LogLevel.Warning, "Replica {Replica} has not acknowledged an invalidation in time and is put out of the fleet until it joins again.")]
    public static partial void PutOut(ILogger logger, string replica);

    /// <summary>Redis could not be told of a write for too long: one line that says why; the stack traces only at level Debug.</summary>
    public static void CutOff(ILogger logger, RedisUnavailableException error)
    {
        if (logger.IsEnabled(LogLevel.Warning))
        {
            CutOff(logger, FailureReason.Of(error));
        }

        CutOffBecause(logger, error);
    }

    [LoggerMessage(2406, LogLevel.Information, "{Entries} objects and buckets that were written without Redis have been told to the fleet.")]
    public static partial void JournalReplayed(ILogger logger, int entries);

    [LoggerMessage(2407, LogLevel.Error, "The membership met an error it does not expect; it goes on.")]
    public static partial void Unexpected(ILogger logger, Exception error);

    [LoggerMessage(2405, LogLevel.Warning, "A write goes on without Redis, after the leases of other replicas are over. They are told when Redis is back. {Reason}")]
    private static partial void CutOff(ILogger logger, string reason);

    [LoggerMessage(2408, LogLevel.Debug, "Where it comes from that a write goes on without Redis.")]
    private static partial void CutOffBecause(ILogger logger, Exception error);
}
