namespace S3Proxy.Telemetry;

/// <summary>The one spelling of outcomes, shared by the <c>x-cache</c> header and the metrics.</summary>
internal static class CacheOutcomes
{
    /// <summary>The outcome as clients and dashboards read it. Allocates nothing.</summary>
    public static string ToWire(this CacheOutcome outcome) => outcome switch
    {
        CacheOutcome.Hit => "HIT",
        CacheOutcome.Miss => "MISS",
        CacheOutcome.Coalesced => "COALESCED",
        CacheOutcome.Revalidated => "REVALIDATED",
        CacheOutcome.Stale => "STALE",
        CacheOutcome.Bypass => "BYPASS",
        CacheOutcome.Error => "ERROR",
        CacheOutcome.Refused => "REFUSED",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "The outcome has no spelling; add it to the table."),
    };
}
