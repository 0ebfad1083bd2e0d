using System.Globalization;
using S3Proxy.Telemetry;

namespace S3Proxy.Responding;

/// <summary>Tells the client how its read was served: <c>x-cache</c>, <c>x-cache-tier</c> and <c>Cache-Status</c> (RFC 9211; requirement O2).</summary>
internal static class CacheHeaders
{
    /// <summary>HIT, MISS, COALESCED …</summary>
    public const string Outcome = "x-cache";

    /// <summary>The tier a hit came from.</summary>
    public const string Tier = "x-cache-tier";

    /// <summary>The same in the words of RFC 9211.</summary>
    public const string Status = "Cache-Status";

    /// <param name="response">Where to write; not started.</param>
    /// <param name="outcome">How the read was served.</param>
    /// <param name="tier">For what comes from the cache: from which one.</param>
    /// <param name="timeToLive">For what comes from the cache: how much longer it is fresh under this reader's rule, negative when stale. Null for ever.</param>
    public static void Write(HttpResponse response, CacheOutcome outcome, CacheTier tier = CacheTier.Memory, TimeSpan? timeToLive = null)
    {
        response.Headers[Outcome] = outcome.ToWire();
        if (outcome is CacheOutcome.Hit or CacheOutcome.Stale)
        {
            response.Headers[Tier] = tier == CacheTier.Redis ? "redis" : "memory";
        }

        response.Headers[Status] = outcome switch
        {
            CacheOutcome.Hit => WithTimeToLive("s3proxy; hit", timeToLive),
            CacheOutcome.Stale => WithTimeToLive("s3proxy; fwd=stale", timeToLive),
            CacheOutcome.Miss => "s3proxy; fwd=uri-miss; stored",
            CacheOutcome.Coalesced => "s3proxy; fwd=uri-miss; collapsed",
            CacheOutcome.Revalidated => "s3proxy; hit; fwd=stale; fwd-status=304",
            CacheOutcome.Bypass => "s3proxy; fwd=bypass",
            _ => "s3proxy; fwd=miss",
        };
    }

    private static string WithTimeToLive(string status, TimeSpan? timeToLive) =>
        timeToLive is { } left ? string.Create(CultureInfo.InvariantCulture, $"{status}; ttl={(long)Math.Floor(left.TotalSeconds)}") : status;
}
