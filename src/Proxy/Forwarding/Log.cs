using Yarp.ReverseProxy.Forwarder;

namespace S3Proxy.Forwarding;

/// <summary>Messages of forwarding. Event ids 3000 to 3099.</summary>
internal static partial class Log
{
    [LoggerMessage(3000, LogLevel.Warning, "Forwarding to origin {Origin} failed ({Failure}).")]
    public static partial void ForwardingFailed(ILogger logger, string origin, ForwarderError failure, Exception? cause);

    [LoggerMessage(3001, LogLevel.Error, "The origin's answer to {Operation} could not be mapped to the client's names: {Detail}")]
    public static partial void AnswerNotMapped(ILogger logger, Protocol.S3Operation operation, string detail);

    [LoggerMessage(3002, LogLevel.Information, "The body of a {Operation} was refused with {Code}: {Reason}")]
    public static partial void BodyRefused(ILogger logger, Protocol.S3Operation operation, Protocol.S3ErrorCode code, string reason);
}
