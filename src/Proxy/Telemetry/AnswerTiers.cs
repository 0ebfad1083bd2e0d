namespace S3Proxy.Telemetry;

/// <summary>The one spelling of tiers, shared by logs, traces and metrics.</summary>
internal static class AnswerTiers
{
    /// <summary>The tier as dashboards read it. Allocates nothing.</summary>
    public static string ToWire(this AnswerTier tier) => tier switch
    {
        AnswerTier.None => "none",
        AnswerTier.Memory => "memory",
        AnswerTier.Redis => "redis",
        AnswerTier.Origin => "origin",
        _ => throw new ArgumentOutOfRangeException(nameof(tier), tier, "The tier has no spelling; add it to the table."),
    };

    /// <summary>Where the first byte of an answer with this outcome came from; <paramref name="kept"/> is the tier of what was not fetched for it.</summary>
    public static AnswerTier Of(CacheOutcome outcome, CacheTier kept) => outcome switch
    {
        CacheOutcome.Hit or CacheOutcome.Stale or CacheOutcome.Revalidated => kept == CacheTier.Redis ? AnswerTier.Redis : AnswerTier.Memory,
        CacheOutcome.Miss or CacheOutcome.Coalesced or CacheOutcome.Bypass => AnswerTier.Origin,
        _ => AnswerTier.None,
    };
}
