using System.Diagnostics.CodeAnalysis;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using S3Proxy.Configuration;

namespace S3Proxy.Transport;

/// <summary>
/// Kestrel's socket transport with another output: <see cref="DirectPipeWriter"/>. Accepting, receiving, aborting and closing stay the transport's own.
/// </summary>
[SuppressMessage("Performance", "CA1812", Justification = "Made by the container.")]
internal sealed class DirectTransportFactory(SocketTransportFactory sockets, ZeroCopyPolicy policy) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    public bool CanBind(EndPoint endpoint) => sockets.CanBind(endpoint);

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new DirectListener(await sockets.BindAsync(endpoint, cancellationToken), policy);
}
