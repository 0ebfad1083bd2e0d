using S3Proxy.Caching;
using S3Proxy.Configuration;

namespace S3Proxy.Events;

/// <summary>Where a bucket of an event may be known: everything is cached under its place at the origin, so all buckets of clients that lead there are served at once.</summary>
internal static class EventTargets
{
    /// <summary>
    /// The places that count: the bucket at every origin, since an event does not tell which one it came from, or at the named one. Whether a bucket of clients leads there does not matter: it may have done so before
    /// and may again, and in a fleet another replica may have the configuration already in which one does.
    /// </summary>
    /// <param name="configuration">Of the request.</param>
    /// <param name="bucket">The bucket at its origin.</param>
    /// <param name="origin">Name of an origin; null for all.</param>
    public static IReadOnlyCollection<BucketId> PlacesOf(ProxyConfiguration configuration, string bucket, string? origin) =>
        configuration.Origins.Values.Where(entry => IsMeant(entry, origin)).Select(entry => new BucketId(entry.Identity, bucket)).ToHashSet();

    /// <summary>Whether a bucket of clients leads to one of the places, in this configuration.</summary>
    /// <param name="configuration">Of the request.</param>
    /// <param name="bucket">The bucket at its origin.</param>
    /// <param name="origin">Name of an origin; null for all.</param>
    public static bool IsMapped(ProxyConfiguration configuration, string bucket, string? origin)
    {
        return configuration.Buckets.Any(named => LeadsThere(named.Value, named.Value.OriginBucket ?? named.Key))

            // A bucket with an entry of its own is never served by default.
            || (configuration.DefaultBucket is { } byDefault && LeadsThere(byDefault, byDefault.OriginBucket ?? (configuration.Buckets.ContainsKey(bucket) ? "" : bucket)));

        bool LeadsThere(BucketConfiguration entry, string at) => string.Equals(at, bucket, StringComparison.Ordinal) && IsMeant(entry.Origin, origin);
    }

    private static bool IsMeant(OriginConfiguration entry, string? origin) => origin is null || string.Equals(entry.Name, origin, StringComparison.Ordinal);
}
