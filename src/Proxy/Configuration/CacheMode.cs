namespace S3Proxy.Configuration;

/// <summary>When a cached object may be served without asking the origin (requirement C5).</summary>
internal enum CacheMode
{
    /// <summary>Objects never change under their key; served for ever.</summary>
    Immutable,

    /// <summary>Served for <see cref="CacheRule.Ttl"/>, then revalidated.</summary>
    Ttl,

    /// <summary>Every read asks the origin with If-None-Match.</summary>
    Revalidate,

    /// <summary>Never cached, never coalesced.</summary>
    Bypass,
}
