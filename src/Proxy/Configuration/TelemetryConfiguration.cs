namespace S3Proxy.Configuration;

/// <summary>What the proxy tells of itself, and to whom.</summary>
internal sealed record TelemetryConfiguration
{
    /// <summary>Pairs of bucket and client that are counted by themselves. Default 1,024.</summary>
    public int MaxTenants { get; init; } = 1024;

    public PriceConfiguration Prices { get; init; } = new();

    public TrailMode Trail { get; init; } = TrailMode.Keys;

    /// <summary>Null: nothing is sent.</summary>
    public OtlpConfiguration? Otlp { get; init; }
}
