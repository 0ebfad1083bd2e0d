using S3Proxy.Caching;

namespace S3Proxy.Configuration;

/// <summary>Freshness rule of a bucket.</summary>
internal sealed record CacheRule
{
    public required CacheMode Mode { get; init; }

    /// <summary>Fresh time of mode <see cref="CacheMode.Ttl"/>. Default 60 s.</summary>
    public TimeSpan Ttl { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Largest share of the fresh time that is taken off at random, 0 to 1. Default 0.</summary>
    public double TtlJitter { get; init; }

    /// <summary>Last share of the fresh time in which a read renews the object in the background, 0 to 1. Default 0: none.</summary>
    public double RefreshAhead { get; init; }

    /// <summary>How long after the fresh time mode <see cref="CacheMode.Ttl"/> answers at once and renews in the background. Default 0: not at all.</summary>
    public TimeSpan StaleWhileRevalidate { get; init; }

    /// <summary>How long after the fresh time the cache answers when the origin cannot. Default 0: not at all.</summary>
    public TimeSpan StaleIfError { get; init; }

    /// <summary>
    /// Heeds the origin's <c>Cache-Control</c> and <c>Expires</c> in modes <see cref="CacheMode.Ttl"/> and <see cref="CacheMode.Revalidate"/>; where it says
    /// nothing, <see cref="Ttl"/> stands. Default false.
    /// </summary>
    public bool HonourOrigin { get; init; }

    /// <summary>How long a 404 is remembered; zero turns it off. Default 1 s.</summary>
    public TimeSpan NegativeTtl { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a reader under this rule believes a 404 that somebody else was told. Mode <see cref="CacheMode.Revalidate"/> asks each time.</summary>
    public TimeSpan NegativeLifetime => Mode == CacheMode.Revalidate ? TimeSpan.Zero : NegativeTtl;

    /// <summary>True when this rule heeds that the origin lets nobody share its answer.</summary>
    public bool Forbids(CacheDirectives directives) =>
        HonourOrigin && Mode != CacheMode.Immutable && (directives.ForbidsStoring || directives.IsPrivate);
}
