namespace S3Proxy.Configuration;

/// <summary>What one key, or one address, may have of the proxy. Immutable.</summary>
internal sealed record LimitConfiguration
{
    /// <summary>Requests a second in the long run; 0: no bound.</summary>
    public double RequestsPerSecond { get; init; }

    /// <summary>Requests that may come at once after a pause; at least 1.</summary>
    public double Burst { get; init; } = 1;

    /// <summary>Requests that run at the same time; 0: no bound.</summary>
    public int Concurrent { get; init; }
}
