using S3Proxy.Telemetry.Requests;

namespace S3Proxy.Telemetry.AccessLogs;

/// <summary>One request for the access log (requirement O4): values only, so that it can be written after the request is gone. Immutable.</summary>
/// <remarks>Holds no query: signatures and tokens of presigned URLs stand there. What the query asks for is told by <see cref="RequestSummary.Operation"/>.</remarks>
internal sealed record AccessRecord
{
    /// <summary>When the answer ended.</summary>
    public required DateTimeOffset Time { get; init; }

    public required RequestSummary Summary { get; init; }

    public required string Method { get; init; }

    /// <summary>The path as the client sent it, without the query. Empty for what was no S3 request.</summary>
    public required string Path { get; init; }

    /// <summary>HTTP version, as <c>HTTP/1.1</c>.</summary>
    public required string Protocol { get; init; }

    public required int Status { get; init; }

    /// <summary>The client's bucket; null for operations on the service.</summary>
    public string? Bucket { get; init; }

    /// <summary>The client's key, decoded; null for operations on a bucket.</summary>
    public string? Key { get; init; }

    /// <summary>Access key id; null for clients that showed none.</summary>
    public string? Client { get; init; }

    public string? RemoteAddress { get; init; }

    /// <summary>Body bytes; null when nobody counted them.</summary>
    public long? BodyBytes { get; init; }

    public required TimeSpan Duration { get; init; }

    /// <summary>Null when no answer began.</summary>
    public TimeSpan? FirstByte { get; init; }

    public string? RequestId { get; init; }

    public string? TraceId { get; init; }

    public string? UserAgent { get; init; }
}
