using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using S3Proxy.Configuration;
using S3Proxy.Protocol;

namespace S3Proxy.Routing;

/// <summary>
/// Finds where a bucket's requests go. Routes of configured buckets are made once; those of the default bucket for each request, because clients choose the
/// names and a table of them would have no bound. Immutable, thread-safe.
/// </summary>
internal sealed class BucketRouter
{
    private readonly FrozenDictionary<string, BucketRoute> _routes;
    private readonly BucketConfiguration? _default;

    public BucketRouter(ProxyConfiguration configuration)
    {
        _default = configuration.DefaultBucket;
        _routes = configuration.Buckets.ToFrozenDictionary(bucket => bucket.Key, bucket => RouteOf(bucket.Key, bucket.Value), StringComparer.Ordinal);
        ServiceOrigin = _default?.Origin ?? (configuration.Origins.Count == 1 ? configuration.Origins.Values[0] : null);
    }

    /// <summary>Origin of requests without a bucket, such as ListBuckets: that of the default bucket, else the only one; null when neither exists.</summary>
    public OriginConfiguration? ServiceOrigin { get; }

    /// <summary>False when the bucket does not exist for clients.</summary>
    public bool TryRoute(BucketName name, [NotNullWhen(true)] out BucketRoute? route)
    {
        if (!_routes.TryGetValue(name.Value, out route) && _default is not null)
        {
            route = Route(name, _default);
        }

        return route is not null;
    }

    private static BucketRoute RouteOf(string name, BucketConfiguration configuration) => BucketName.TryParse(name, out BucketName bucket)
        ? Route(bucket, configuration)
        : throw new ArgumentException($"'{name}' is not a bucket name.", nameof(name));

    private static BucketRoute Route(BucketName name, BucketConfiguration configuration) =>
        new() { ClientBucket = name, Configuration = configuration, OriginBucket = configuration.OriginBucket ?? name.Value };
}
