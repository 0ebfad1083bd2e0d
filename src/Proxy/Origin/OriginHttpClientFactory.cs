using System.Net;
using S3Proxy.Configuration;
using Yarp.ReverseProxy.Forwarder;

namespace S3Proxy.Origin;

/// <summary>Makes the HTTP client of an origin's cluster: raw bytes, no redirects, no cookies, no added headers.</summary>
internal sealed class OriginHttpClientFactory(ProxyConfiguration configuration) : ForwarderHttpClientFactory
{
    protected override void ConfigureHandler(ForwarderHttpClientContext context, SocketsHttpHandler handler)
    {
        base.ConfigureHandler(context, handler);
        handler.AutomaticDecompression = DecompressionMethods.None;
        handler.AllowAutoRedirect = false;
        handler.UseCookies = false;
        handler.UseProxy = false;
        handler.ActivityHeadersPropagator = null;
        handler.PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30);
        handler.PooledConnectionLifetime = TimeSpan.FromMinutes(10);
        handler.ConnectTimeout = configuration.Origins[context.ClusterId].Timeouts.Connect;
    }
}
