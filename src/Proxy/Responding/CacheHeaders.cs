using System.Globalization;
using S3Proxy.Telemetry;

namespace S3Proxy.Responding;

/// <summary>Tells the client how its read was served: <c>x-cache</c>, <c>x-cache-tier</c> and <c>Cache-Status</c> (RFC 9211; requirement O2).</summary>
internal static class CacheHeaders
{
    /// <param name="response">Where to write; not started.</param>
    /// <param name="outcome">How the read was served.</param>
    /// <param name="tier">For what comes from the cache: from which one.</param>
    /// <param name="timeToLive">For what comes from the cache: how much longer it is fresh under this reader's rule, negative when stale. Null for ever.</param>
    public static void Write(HttpResponse response, CacheOutcome outcome, CacheTier tier = CacheTier.Memory, TimeSpan? timeToLive = null)
    {
        response.Headers["x-cache"] = outcome.ToWire();
        if (outcome is CacheOutcome.Hit or CacheOutcome.Stale)
        {
            response.Headers["x-cache-tier"] = tier == CacheTier.Redis ? "redis" : "memory";
        }

        response.Headers["Cache-Status"] = outcome switch
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
