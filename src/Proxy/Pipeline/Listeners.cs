using System.Net;
using System.Net.Security;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using S3Proxy.Configuration;
using S3Proxy.Protocol;
using S3Proxy.Reloading;
using S3Proxy.Responding;
using S3Proxy.Transport;

namespace S3Proxy.Pipeline;

/// <summary>The two ports: addresses, versions of HTTP, certificates.</summary>
internal static class Listeners
{
    private static readonly List<SslApplicationProtocol> NoHttp2 = [SslApplicationProtocol.Http11];
    private static readonly List<SslApplicationProtocol> OnlyHttp2 = [SslApplicationProtocol.Http2];
    private static readonly List<SslApplicationProtocol> Both = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11];

    /// <summary>Has the server listen. Addresses and versions stay; certificates are those of the configuration at the time of each handshake.</summary>
    public static void Add(KestrelServerOptions kestrel, ListenConfiguration listen)
    {
        kestrel.AddServerHeader = false;
        // S3 bodies reach 5 GiB a request; they are streamed and never held.
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.AllowSynchronousIO = false;
        // Origin headers are read as Latin-1, one character a byte; written the same way, metadata in UTF-8 keeps its bytes.
        kestrel.ResponseHeaderEncodingSelector = static name => IsAlwaysAscii(name) ? null : Encoding.Latin1;
        Add(kestrel, listen.Endpoint, ListenerRole.Data, listen.Protocols, listen.Tls is null ? null : static listen => listen.Tls!);
        Add(kestrel, listen.Admin, ListenerRole.Admin, listen.AdminTls is null ? HttpVersions.Http1 : HttpVersions.Http1 | HttpVersions.Http2, listen.AdminTls is null ? null : static listen => listen.AdminTls!);
    }

    /// <summary>Headers of nearly every response that the proxy or the server writes itself; Kestrel writes ASCII faster than any encoding it is given.</summary>
    private static bool IsAlwaysAscii(string name) =>
        name is "Content-Length" or "Date" or "Accept-Ranges" or "Content-Range" or CacheHeaders.Outcome or CacheHeaders.Tier or CacheHeaders.Status or S3Headers.RequestId;

    private static void Add(KestrelServerOptions kestrel, IPEndPoint endpoint, ListenerRole role, HttpVersions versions, Func<ListenConfiguration, TlsConfiguration>? tlsOf)
    {
        CurrentSnapshot current = kestrel.ApplicationServices.GetRequiredService<CurrentSnapshot>();
        DataPort? data = role == ListenerRole.Data ? kestrel.ApplicationServices.GetRequiredService<DataPort>() : null;
        kestrel.Listen(endpoint, options =>
        {
            options.Protocols = ProtocolsOf(versions);
            options.Use(next => connection =>
            {
                ListenerFeature feature = new(role);
                connection.Features.Set(feature);
                return data is null ? next(connection) : data.ServeAsync(connection, feature, next);
            });
            if (tlsOf is not null)
            {
                options.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => new(OptionsOf(tlsOf(current.Configuration.Listen), versions)) });
            }
        });
    }

    private static SslServerAuthenticationOptions OptionsOf(TlsConfiguration tls, HttpVersions versions) => new()
    {
        ServerCertificateContext = tls.Certificate,
        EnabledSslProtocols = tls.Protocols,
        ApplicationProtocols = versions switch { HttpVersions.Http1 => NoHttp2, HttpVersions.Http2 => OnlyHttp2, _ => Both },
    };

    private static HttpProtocols ProtocolsOf(HttpVersions versions) => versions switch
    {
        HttpVersions.Http1 => HttpProtocols.Http1,
        HttpVersions.Http2 => HttpProtocols.Http2,
        _ => HttpProtocols.Http1AndHttp2,
    };
}
