using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using S3Proxy.Configuration;

namespace S3Proxy.Transport;

/// <summary>Gives each connection that <paramref name="inner"/> accepts a <see cref="DirectPipeWriter"/>, and the feature <see cref="IPageOutput"/>.</summary>
internal sealed class DirectListener(IConnectionListener inner, ZeroCopyPolicy policy) : IConnectionListener
{
    public EndPoint EndPoint => inner.EndPoint;

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        ConnectionContext? connection = await inner.AcceptAsync(cancellationToken);
        if (connection?.Features.Get<IConnectionSocketFeature>()?.Socket is { } socket)
        {
            IDuplexPipe transport = connection.Transport;
            DirectPipeWriter output = new(connection, socket, transport.Output, policy.RefersLocally || !IsOnThisMachine(connection));
            connection.Features.Set<IPageOutput>(output);
            connection.Transport = new DirectDuplexPipe(transport.Input, output);
        }

        return connection;
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => inner.UnbindAsync(cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private static bool IsOnThisMachine(ConnectionContext connection) =>
        connection.RemoteEndPoint is not IPEndPoint client || IPAddress.IsLoopback(client.Address) || client.Address.Equals((connection.LocalEndPoint as IPEndPoint)?.Address);
}
