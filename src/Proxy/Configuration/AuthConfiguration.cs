using System.Collections.Frozen;

namespace S3Proxy.Configuration;

/// <summary>Client authentication.</summary>
internal sealed record AuthConfiguration
{
    public required AuthMode Mode { get; init; }

    /// <summary>Client keys by access key id.</summary>
    public required FrozenDictionary<string, ClientKey> Keys { get; init; }

    /// <summary>Largest difference between a request's time and ours. Default 15 min, as S3.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromMinutes(15);
}
