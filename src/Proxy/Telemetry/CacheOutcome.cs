namespace S3Proxy.Telemetry;

/// <summary>How an object read was answered (requirement O2). Decided at the first slice; one value a read.</summary>
internal enum CacheOutcome : byte
{
    /// <summary>From a tier, without asking the origin.</summary>
    Hit,

    /// <summary>From a flight this read led.</summary>
    Miss,

    /// <summary>From a flight another read led.</summary>
    Coalesced,

    /// <summary>From a tier, after the origin said that it is still current.</summary>
    Revalidated,

    /// <summary>From a tier, although no longer fresh.</summary>
    Stale,

    /// <summary>Forwarded, past the cache.</summary>
    Bypass,

    /// <summary>Not answered: the read failed, before or after its first byte.</summary>
    Error,

    /// <summary>Refused by the proxy before the cache was looked at: not understood, not signed rightly, not allowed, no such bucket.</summary>
    Refused,
}
