using S3Proxy.Fetching;
using S3Proxy.Origin.Signing;
using S3Proxy.Telemetry;
using Yarp.ReverseProxy.Forwarder;

namespace S3Proxy.Forwarding;

/// <summary>What YARP says of a request that was not answered, or not to its end: whose doing it is, why, and what is to be done. Immutable.</summary>
internal sealed class ForwardingFailure(ForwarderError error, Exception? exception)
{
    public ForwarderError Error => error;

    public Exception? Exception => exception;

    /// <summary>True when the client left, or what it sends came to no end or too slowly.</summary>
    public bool IsOfClient => error switch
    {
        ForwarderError.RequestCanceled or ForwarderError.RequestBodyCanceled or ForwarderError.ResponseBodyCanceled => true,
        ForwarderError.RequestBodyClient or ForwarderError.ResponseBodyClient => true,
        ForwarderError.RequestCreation or ForwarderError.ResponseHeaders => exception is OperationCanceledException,
        _ => false,
    };

    /// <summary>True when our own code threw what it does not expect.</summary>
    public bool IsBug => !IsOfClient && error switch
    {
        ForwarderError.RequestCreation => exception is not OriginCredentialsException,
        ForwarderError.ResponseHeaders => exception is not (HttpRequestException or IOException or InvalidDataException),
        _ => false,
    };

    /// <summary>The same failure in the words of reads, for advice.</summary>
    public FetchFailure Kind => error switch
    {
        ForwarderError.RequestTimedOut => FetchFailure.TimedOut,
        ForwarderError.NoAvailableDestinations => FetchFailure.Unreachable,
        ForwarderError.Request => IsOfConnecting(exception) ? FetchFailure.Unreachable : FetchFailure.Broken,
        ForwarderError.RequestCreation => FetchFailure.NoCredentials,
        ForwarderError.ResponseHeaders => FetchFailure.InvalidAnswer,
        _ => exception is OperationCanceledException ? FetchFailure.TimedOut : FetchFailure.Broken,
    };

    /// <summary>Why, in one line.</summary>
    public string Reason => exception is not null && FailureReason.Of(exception) is { Length: > 0 } reason ? reason : error switch
    {
        ForwarderError.RequestTimedOut => "It did not answer in time.",
        ForwarderError.NoAvailableDestinations => "None of its endpoints may be asked at the moment.",
        ForwarderError.RequestBodyDestination => "It took no byte of the body for too long.",
        _ => "It sent nothing for too long.",
    };

    /// <summary>True when no connection came about: not a byte of the request was sent.</summary>
    public static bool IsOfConnecting(Exception? exception) => exception is HttpRequestException
    {
        HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError,
    };
}
