namespace S3Proxy.Configuration;

/// <summary>Bound on the transfers the proxy has open at one origin for shared fetches.</summary>
internal sealed record OriginConcurrency
{
    /// <summary>Most transfers at once. Default 256.</summary>
    public int Max { get; init; } = 256;

    /// <summary>What the bound is never lowered below. Default 4.</summary>
    public int Min { get; init; } = 4;

    /// <summary>Whether first bytes that come late lower the bound; an origin that asks for less always does. Default true.</summary>
    public bool IsAdaptive { get; init; } = true;

    /// <summary>How many requests may wait for a slot. Default 10,000.</summary>
    public int MaxWaiting { get; init; } = 10_000;

    /// <summary>How long one waits at most. Default 30 s.</summary>
    public TimeSpan WaitLimit { get; init; } = TimeSpan.FromSeconds(30);
}
