namespace S3Proxy.Configuration;

/// <summary>How replicas wait for one another (requirements W1–W9). Without effect without Redis.</summary>
internal sealed record WakingConfiguration
{
    /// <summary>Whether replicas wake each other. False: who waits looks again each <see cref="FallbackInterval"/>.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>How long one waits before looking again without having been woken. Default 1 s.</summary>
    public TimeSpan FallbackInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long one waits for another replica that brings nothing, then asks the origin itself; zero for not at all. Default 30 s.</summary>
    public TimeSpan MaxWait { get; init; } = TimeSpan.FromSeconds(30);
}
