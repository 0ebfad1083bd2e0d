using System.Net;
using System.Text;
using Yarp.ReverseProxy.Forwarder;

namespace S3Proxy.Origin;

/// <summary>Makes the HTTP client of an origin's cluster: raw bytes, no redirects, no cookies, no added headers.</summary>
internal sealed class OriginHttpClientFactory : ForwarderHttpClientFactory
{
    protected override void ConfigureHandler(ForwarderHttpClientContext context, SocketsHttpHandler handler)
    {
        base.ConfigureHandler(context, handler);
        handler.AutomaticDecompression = DecompressionMethods.None;
        handler.AllowAutoRedirect = false;
        handler.UseCookies = false;
        handler.UseProxy = false;
        handler.ActivityHeadersPropagator = null;
        // Shorter than the idle time of common S3 servers: a write that meets a connection they have just closed cannot be sent again.
        handler.PooledConnectionIdleTimeout = TimeSpan.FromSeconds(10);
        handler.PooledConnectionLifetime = TimeSpan.FromMinutes(10);
        // Metadata headers may hold UTF-8, and the signature is made over that form.
        handler.RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8;
        handler.ConnectTimeout = OriginClusters.ConnectTimeoutOf(context.NewMetadata);
    }
}
