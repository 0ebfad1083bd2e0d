namespace S3Proxy.Events;

/// <summary>Messages about events of origins. Event ids 6000 to 6099. Never a token, and no URL but its host.</summary>
internal static partial class Log
{
    [LoggerMessage(6000, LogLevel.Warning, "An event could not be used: its bucket or its key is missing or is none (form of {Sender}).")]
    public static partial void Invalid(ILogger logger, EventSender sender);

    [LoggerMessage(6001, LogLevel.Warning, "A message of SNS topic {Topic} was left alone: events.snsTopics does not name it, or its URL is not SNS'. To subscribe, name the topic and have SNS ask again.")]
    public static partial void TopicRefused(ILogger logger, string topic);

    [LoggerMessage(6002, LogLevel.Information, "The subscription to SNS topic {Topic} was confirmed.")]
    public static partial void TopicConfirmed(ILogger logger, string topic);

    [LoggerMessage(6003, LogLevel.Error, "The subscription to SNS topic {Topic} could not be confirmed.")]
    public static partial void TopicFailed(ILogger logger, string topic);
}
