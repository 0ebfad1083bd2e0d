namespace S3Proxy.Demo.Fleet;

/// <summary>What one run of a load came to. Immutable.</summary>
internal sealed record FleetRound
{
    public required string Name { get; init; }

    public required int Requests { get; init; }

    /// <summary>Reads that gave no whole and right answer.</summary>
    public required int Failed { get; init; }

    public required long OriginGets { get; init; }

    public required long OriginBytes { get; init; }

    /// <summary>Share of requests that cost the origin no GET.</summary>
    public required double HitRatio { get; init; }

    public required double RequestsPerSecond { get; init; }

    /// <summary>Of all replicas together.</summary>
    public required double ProcessorMicrosecondsPerRequest { get; init; }

    public required double FirstByteP50Milliseconds { get; init; }

    public required double FirstByteP99Milliseconds { get; init; }
}
