namespace S3Proxy.Configuration;

/// <summary>How one client-side bucket is served.</summary>
internal sealed record BucketConfiguration
{
    public required OriginConfiguration Origin { get; init; }

    /// <summary>Bucket name at the origin; null keeps the client's name.</summary>
    public string? OriginBucket { get; init; }

    /// <summary>Put before every key at the origin; empty for none. Never starts with a slash.</summary>
    public string Prefix { get; init; } = "";

    public required CacheRule Cache { get; init; }

    public required CoalescingMode Coalescing { get; init; }
}

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

/// <summary>Freshness rule of a bucket.</summary>
internal sealed record CacheRule
{
    public required CacheMode Mode { get; init; }

    /// <summary>Fresh time of mode <see cref="CacheMode.Ttl"/>. Default 60 s.</summary>
    public TimeSpan Ttl { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a 404 is remembered; zero turns it off. Default 1 s.</summary>
    public TimeSpan NegativeTtl { get; init; } = TimeSpan.FromSeconds(1);
}

/// <summary>How concurrent reads of one object share a fetch (requirement F10).</summary>
internal enum CoalescingMode
{
    /// <summary>Followers stream while the bytes arrive.</summary>
    Streaming,

    /// <summary>Followers get a slice when it is complete and checked.</summary>
    Buffered,

    /// <summary>Each miss fetches for itself.</summary>
    Off,
}

/// <summary>Options of request coalescing.</summary>
internal sealed record CoalescingConfiguration
{
    public CoalescingMode Mode { get; init; } = CoalescingMode.Streaming;

    /// <summary>How long a flight goes on after its last reader left. Default 0: it is cancelled at once unless nearly done.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.Zero;

    /// <summary>How long a 5xx or transport failure is shared with later requests; zero turns it off. 0 to 2 s, default 0.</summary>
    public TimeSpan ErrorLinger { get; init; } = TimeSpan.Zero;
}
