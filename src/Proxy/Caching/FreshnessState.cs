namespace S3Proxy.Caching;

/// <summary>How metadata may be used by one reader.</summary>
internal enum FreshnessState
{
    /// <summary>Told without asking the origin.</summary>
    Fresh,

    /// <summary>Told without asking; near enough to its end that it is renewed in the background.</summary>
    FreshAndDue,

    /// <summary>No longer fresh, but told at once while it is renewed in the background.</summary>
    StaleWhileRevalidate,

    /// <summary>Told only after the origin was asked.</summary>
    Stale,
}
