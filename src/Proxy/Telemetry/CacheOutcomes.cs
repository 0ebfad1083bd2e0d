namespace S3Proxy.Telemetry;

/// <summary>The one spelling of outcomes, on the wire and in metrics.</summary>
internal static class CacheOutcomes
{
    public static string ToWire(this CacheOutcome outcome) => outcome switch
    {
        CacheOutcome.Hit => "HIT",
        CacheOutcome.Miss => "MISS",
        CacheOutcome.Coalesced => "COALESCED",
        CacheOutcome.Revalidated => "REVALIDATED",
        CacheOutcome.Stale => "STALE",
        CacheOutcome.Bypass => "BYPASS",
        CacheOutcome.Error => "ERROR",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "Not an outcome."),
    };
}
