using System.Diagnostics;

namespace S3Proxy.Telemetry.Requests;

/// <summary>What the access log, the trace and the trail of one request need to know beside what its stages keep. Made only when one of them wants it.</summary>
/// <remarks>Not thread-safe: belongs to the request.</remarks>
internal sealed class RequestObservation
{
    /// <summary>Timestamp of the time provider when the request came in.</summary>
    public required long ReceivedAt { get; init; }

    /// <summary>The span of the request; null when it is not traced.</summary>
    public Activity? Span { get; init; }

    /// <summary>The trail, once the client turned out to be allowed one; null otherwise.</summary>
    public RequestTrail? Trail { get; set; }

    /// <summary>Timestamp of the time provider when the response headers were sent; zero before.</summary>
    public long FirstByteAt { get; set; }

    /// <summary>Body bytes handed to the client's connection, where the proxy counts them; null where they only passed through.</summary>
    public long? BodyBytes { get; set; }
}
