using System.Diagnostics.CodeAnalysis;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using S3Proxy.Configuration;

namespace S3Proxy.Transport;

/// <summary>
/// Kestrel's socket transport with another output, <see cref="DirectPipeWriter"/>, where HTTP/1.1 is spoken without TLS. Accepting, receiving, aborting and closing stay the transport's own,
/// and so does everything on the other ports.
/// </summary>
[SuppressMessage("Performance", "CA1812", Justification = "Made by the container.")]
internal sealed class DirectTransportFactory(SocketTransportFactory sockets, ListenConfiguration listen) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    public bool CanBind(EndPoint endpoint) => sockets.CanBind(endpoint);

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        IsDirect(endpoint) ? new DirectListener(await sockets.BindAsync(endpoint, cancellationToken), listen.ZeroCopyPolicy) : await sockets.BindAsync(endpoint, cancellationToken);

    /// <summary>Bodies are those of the data port. Two ports that are free to choose look alike; then the admin port is treated as the data port is, which changes nothing for it.</summary>
    private bool IsDirect(EndPoint endpoint) => endpoint.Equals(listen.Endpoint) && listen is { Tls: null, Protocols: HttpVersions.Http1 };
}
