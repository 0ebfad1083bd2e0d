using S3Proxy.Caching;
using S3Proxy.Configuration;

namespace S3Proxy.Events;

/// <summary>Where a bucket of an event is known: everything is cached under its place at the origin, so all buckets of clients that lead there are served at once.</summary>
internal static class EventTargets
{
    /// <summary>The places that buckets of the configuration lead to. An event does not tell which origin it came from, so all origins with such a bucket count, or the named one.</summary>
    /// <param name="configuration">Of the request.</param>
    /// <param name="bucket">The bucket at its origin.</param>
    /// <param name="origin">Name of an origin; null for all.</param>
    public static IReadOnlyCollection<BucketId> PlacesOf(ProxyConfiguration configuration, string bucket, string? origin)
    {
        HashSet<BucketId> places = [];
        foreach ((string name, BucketConfiguration entry) in configuration.Buckets)
        {
            Add(entry, entry.OriginBucket ?? name);
        }

        if (configuration.DefaultBucket is { } byDefault)
        {
            // A bucket with an entry of its own is never served by default.
            Add(byDefault, byDefault.OriginBucket ?? (configuration.Buckets.ContainsKey(bucket) ? "" : bucket));
        }

        return places;

        void Add(BucketConfiguration entry, string at)
        {
            if (string.Equals(at, bucket, StringComparison.Ordinal) && (origin is null || string.Equals(entry.Origin.Name, origin, StringComparison.Ordinal)))
            {
                places.Add(new BucketId(entry.Origin.Identity, bucket));
            }
        }
    }
}
