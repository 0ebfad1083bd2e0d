#pragma warning disable
using S3Proxy.Protocol;
using S3Proxy.Configuration;
namespace S3Proxy.Routing
{
    internal sealed class BucketRouter(ProxyConfiguration c) {
        public bool TryRoute(BucketName n, out BucketRoute? r) {
            var b = c.Buckets.GetValueOrDefault(n.Value) ?? c.DefaultBucket; r = b is null ? null : new BucketRoute { ClientBucket = n, Configuration = b, OriginBucket = b.OriginBucket ?? n.Value }; return r is not null; }
        public OriginConfiguration? ServiceOrigin => c.DefaultBucket?.Origin ?? (c.Origins.Count == 1 ? c.Origins.Values[0] : null); }
}
