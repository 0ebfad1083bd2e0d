using System.Globalization;
using S3Proxy.Caching;
using S3Proxy.Telemetry;

namespace S3Proxy.Responding;

/// <summary>Tells the client how its read was served: <c>x-cache</c>, <c>x-cache-tier</c> and <c>Cache-Status</c> (RFC 9211; requirement O2).</summary>
internal static class CacheHeaders
{
    /// <param name="response">Where to write; not started.</param>
    /// <param name="outcome">How the read was served.</param>
    /// <param name="metadata">What was served, for its time to live; null for an answer that is not the object.</param>
    /// <param name="timeProvider">The clock of the metadata.</param>
    public static void Write(HttpResponse response, CacheOutcome outcome, ObjectMetadata? metadata, TimeProvider timeProvider)
    {
        response.Headers["x-cache"] = outcome.ToWire();
        if (outcome == CacheOutcome.Hit)
        {
            response.Headers["x-cache-tier"] = "memory";
        }

        response.Headers["Cache-Status"] = outcome switch
        {
            CacheOutcome.Hit => Hit(metadata, timeProvider),
            CacheOutcome.Miss => "s3proxy; fwd=uri-miss; stored",
            CacheOutcome.Coalesced => "s3proxy; fwd=uri-miss; collapsed",
            CacheOutcome.Revalidated => "s3proxy; hit; fwd=stale; fwd-status=304",
            CacheOutcome.Bypass => "s3proxy; fwd=bypass",
            _ => "s3proxy; fwd=miss",
        };
    }

    private static string Hit(ObjectMetadata? metadata, TimeProvider timeProvider)
    {
        if (metadata is null || metadata.FreshUntil is long.MaxValue or long.MinValue)
        {
            return "s3proxy; hit";
        }

        TimeSpan ttl = timeProvider.GetElapsedTime(timeProvider.GetTimestamp(), metadata.FreshUntil);
        return string.Create(CultureInfo.InvariantCulture, $"s3proxy; hit; ttl={(long)ttl.TotalSeconds}");
    }
}
