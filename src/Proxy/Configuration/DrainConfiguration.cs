namespace S3Proxy.Configuration;

/// <summary>How the proxy ends when it is asked to (requirement R2).</summary>
internal sealed record DrainConfiguration
{
    /// <summary>How long connections are still accepted while readiness is already refused. Default 5 s.</summary>
    public TimeSpan ReadinessDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long requests that run may take from then on; 0 for as long as they need. Default 1 h.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromHours(1);
}
