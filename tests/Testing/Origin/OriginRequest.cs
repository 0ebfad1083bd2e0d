namespace S3Proxy.Testing.Origin;

/// <summary>
/// A request as it arrived, and what became of it. What is fixed at arrival is immutable; status, bytes and outcome are settled when
/// <see cref="Outcome"/> is no longer <see cref="OriginRequestOutcome.Active"/>.
/// </summary>
public sealed class OriginRequest
{
    private long _bodyBytesSent;

    internal OriginRequest(long sequence, string method, string rawTarget, IReadOnlyDictionary<string, string> headers)
    {
        Sequence = sequence;
        Method = method;
        RawTarget = rawTarget;
        Headers = headers;
    }

    /// <summary>1 for the first request since the start; not touched by <see cref="OriginTraffic.Reset"/>.</summary>
    public long Sequence { get; }

    public string Method { get; }

    /// <summary>Path and query exactly as received.</summary>
    public string RawTarget { get; }

    /// <summary>Header fields by name, case-insensitive; several values joined with a comma.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; }

    public OriginOperation Operation { get; internal init; }

    /// <summary>Decoded; null when the request names none.</summary>
    public string? Bucket { get; internal init; }

    /// <summary>Decoded; null when the request names none.</summary>
    public string? Key { get; internal init; }

    /// <summary>The Range header, null when there is none.</summary>
    public string? Range { get; internal init; }

    public string? IfMatch => Headers.GetValueOrDefault("If-Match");

    public string? IfNoneMatch => Headers.GetValueOrDefault("If-None-Match");

    /// <summary>Equal for requests that came over the same connection.</summary>
    public string ConnectionId { get; internal init; } = "";

    /// <summary>The x-amz-request-id of the response.</summary>
    public string RequestId { get; internal init; } = "";

    /// <summary>0 until the response begins, and for ever when it never did.</summary>
    public int Status { get; internal set; }

    /// <summary>Body bytes accepted by the connection so far.</summary>
    public long BodyBytesSent => Interlocked.Read(ref _bodyBytesSent);

    public OriginRequestOutcome Outcome { get; internal set; }

    /// <summary>One line for a failing assertion.</summary>
    public override string ToString() =>
        $"#{Sequence} {Method} {RawTarget} {Operation} range={Range ?? "-"} -> {Status} {Outcome} {BodyBytesSent} bytes";

    internal void AddBodyBytes(long count) => Interlocked.Add(ref _bodyBytesSent, count);
}
