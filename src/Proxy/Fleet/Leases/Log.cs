using S3Proxy.Caching;

namespace S3Proxy.Fleet.Leases;

/// <summary>Log messages of leases. Redis' own troubles are told by its adapter.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 2451, EventName = "LeaseNotAsked", Level = LogLevel.Debug, Message = "The fleet could not be asked about {Object}; this replica goes on alone.")]
    public static partial void NotAsked(ILogger logger, ObjectId @object, Exception error);

    [LoggerMessage(EventId = 2452, EventName = "LeaseNotShared", Level = LogLevel.Debug, Message = "The fleet could not be told about {Object}.")]
    public static partial void NotShared(ILogger logger, ObjectId @object, Exception error);

    [LoggerMessage(EventId = 2453, EventName = "FeedEnded", Level = LogLevel.Debug, Message = "Other replicas are no longer given {Object} as it comes.")]
    public static partial void FeedEnded(ILogger logger, ObjectId @object, Exception error);

    [LoggerMessage(EventId = 2454, EventName = "SharedTransferEnded", Level = LogLevel.Debug, Message = "{Version} cannot be read from Redis any more; the run goes on elsewhere.")]
    public static partial void TransferEnded(ILogger logger, ObjectVersion version, Exception error);

    [LoggerMessage(EventId = 2455, EventName = "BadNotice", Level = LogLevel.Warning, Message = "Replica {Replica} told of wrong bytes in a way that this version does not understand.")]
    public static partial void BadNotice(ILogger logger, string replica, Exception error);
}
