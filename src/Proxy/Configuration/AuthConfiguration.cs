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

    /// <summary>
    /// Mode <see cref="AuthMode.Passthrough"/>: how long the very same signed request need not be judged again by the origin. Default 0: it is asked each time.
    /// </summary>
    public TimeSpan AuthorisationTtl { get; init; }
}
