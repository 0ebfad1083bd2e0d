using S3Proxy.Fetching;
using S3Proxy.Pipeline;
using Yarp.ReverseProxy.Forwarder;

namespace S3Proxy.Forwarding;

/// <summary>Messages of forwarding. Event ids 3000 to 3099.</summary>
internal static partial class Log
{
    /// <summary>
    /// A request was not forwarded, or not to its end. What an origin or a network does is one line that says what to do, with its stack traces at level Debug; what a
    /// client does is at level Debug. The endpoint is null when none could be chosen.
    /// </summary>
    public static void ForwardingFailed(ILogger logger, ProxyRequest request, string? endpoint, ForwardingFailure failure)
    {
        if (failure.IsBug)
        {
            ForwardingUnexpected(logger, request.S3.Operation, request.S3.Resource, request.Origin.Name, failure.Exception);
            return;
        }

        if (!failure.IsOfClient && logger.IsEnabled(LogLevel.Warning))
        {
            ForwardingFailed(
                logger, request.S3.Operation, request.S3.Resource, request.Origin.Name, endpoint ?? "no endpoint", failure.Error, failure.Reason, FetchAdvice.For(failure.Kind));
        }

        ForwardingEnded(logger, request.S3.Operation, request.S3.Resource, failure.Error, failure.Exception);
    }

    [LoggerMessage(3001, LogLevel.Error, "The origin's answer to {Operation} could not be mapped to the client's names: {Detail}")]
    public static partial void AnswerNotMapped(ILogger logger, Protocol.S3Operation operation, string detail);

    [LoggerMessage(3002, LogLevel.Information, "The body of a {Operation} was refused with {Code}: {Reason}")]
    public static partial void BodyRefused(ILogger logger, Protocol.S3Operation operation, Protocol.S3ErrorCode code, string reason);

    [LoggerMessage(3000, LogLevel.Warning, "Forwarding {Operation} of {Resource} to origin {Origin} ({Endpoint}) failed ({Failure}): {Reason} {Advice}")]
    private static partial void ForwardingFailed(
        ILogger logger, Protocol.S3Operation operation, string resource, string origin, string endpoint, ForwarderError failure, string reason, string advice);

    [LoggerMessage(3003, LogLevel.Debug, "{Operation} of {Resource} was not forwarded to its end ({Failure}).")]
    private static partial void ForwardingEnded(ILogger logger, Protocol.S3Operation operation, string resource, ForwarderError failure, Exception? error);

    [LoggerMessage(3004, LogLevel.Error, "Forwarding {Operation} of {Resource} to origin {Origin} met an internal error.")]
    private static partial void ForwardingUnexpected(ILogger logger, Protocol.S3Operation operation, string resource, string origin, Exception? bug);
}
