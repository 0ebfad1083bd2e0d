using System.Net;
using System.Text;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace S3Proxy.Testing.Origin.Server;

/// <summary>One Kestrel that listens on 127.0.0.1 until it is disposed; then all its connections are closed and new ones refused.</summary>
internal sealed class OriginListener : IAsyncDisposable
{
    private const int MaxRequestLineBytes = 64 * 1024;

    private readonly KestrelServer _server;

    private OriginListener(KestrelServer server, int port)
    {
        _server = server;
        Port = port;
    }

    public int Port { get; }

    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<OriginListener> StartAsync(OriginApplication application, int port)
    {
        KestrelServerOptions options = new() { AddServerHeader = false, ResponseHeaderEncodingSelector = static _ => Encoding.UTF8 };
        options.Limits.MaxRequestBodySize = null;
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;
        options.Limits.MaxRequestLineSize = MaxRequestLineBytes;
        options.Limits.MaxRequestBufferSize = MaxRequestLineBytes * 16;
        options.Limits.MaxRequestHeadersTotalSize = MaxRequestLineBytes;

        // Not infinite: Kestrel then closes idle connections at its next heartbeat, and a write that took such a connection from the pool is lost.
        options.Limits.KeepAliveTimeout = TimeSpan.FromHours(1);
        options.Limits.RequestHeadersTimeout = TimeSpan.FromHours(1);
        options.Listen(IPAddress.Loopback, port, static endpoint => endpoint.Protocols = HttpProtocols.Http1);

        // A write buffer of one byte makes each flush wait until the socket took everything: what was counted as sent was sent, and a cut
        // after N bytes loses none of them. Writes are large, so little is lost by it.
        SocketTransportOptions sockets = new() { MaxWriteBufferSize = 1, NoDelay = true };
        KestrelServer server = new(
            Options.Create(options), new SocketTransportFactory(Options.Create(sockets), NullLoggerFactory.Instance), NullLoggerFactory.Instance);
        try
        {
            await server.StartAsync(application, CancellationToken.None);
            string address = server.Features.Get<IServerAddressesFeature>()!.Addresses.Single();
            return new OriginListener(server, new Uri(address).Port);
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Cancelled from the start: connections are closed at once instead of being waited for.
        await _server.StopAsync(new CancellationToken(canceled: true));
        _server.Dispose();
    }
}
