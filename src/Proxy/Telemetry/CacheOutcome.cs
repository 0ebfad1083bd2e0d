namespace S3Proxy.Telemetry;

/// <summary>How a read was served; what <c>x-cache</c> says.</summary>
internal enum CacheOutcome
{
    /// <summary>From a tier.</summary>
    Hit,

    /// <summary>This request's flight asked the origin, and this request led it.</summary>
    Miss,

    /// <summary>It joined a flight that another request led.</summary>
    Coalesced,

    /// <summary>From a tier, after the origin confirmed it.</summary>
    Revalidated,

    /// <summary>From a tier although it is no longer fresh.</summary>
    Stale,

    /// <summary>Forwarded for itself alone.</summary>
    Bypass,

    /// <summary>It failed.</summary>
    Error,
}
