#pragma warning disable
using S3Proxy.Protocol;
using S3Proxy.Fetching;
using S3Proxy.Configuration;
namespace S3Proxy.Telemetry
{
    internal enum CacheOutcome { Hit, Miss, Coalesced, Revalidated, Stale, Bypass, Error }
    internal static class CacheOutcomes { public static string ToWire(this CacheOutcome o) => o.ToString().ToUpperInvariant(); }
    internal sealed class ProxyMetrics
    {
        public void Served(S3Operation op, CacheOutcome o, long b) { }
        public void FirstByte(CacheOutcome o, TimeSpan t) { }
        public void ReadFailed(S3Operation op, FetchFailure f) { }
        public void OriginAnswered(string o, HttpMethod m, int s) { }
        public void OriginFailed(string o, FetchFailure f) { }
        public void OriginBytes(string o, int b) { }
        public void AuthenticationFailed(S3ErrorCode c) { }
    }
}
namespace S3Proxy.Admin { internal sealed class AdminRequestHandler { public Task HandleAsync(HttpContext c) { c.Response.StatusCode = 200; return c.Response.WriteAsync("ok"); } } }
