namespace S3Proxy.Configuration;

/// <summary>Whether a slow request is sent a second time.</summary>
internal sealed record OriginHedging
{
    /// <summary>Default false.</summary>
    public bool IsEnabled { get; init; }

    /// <summary>Extra requests per request. Default 0.05.</summary>
    public double MaxExtraShare { get; init; } = 0.05;
}
