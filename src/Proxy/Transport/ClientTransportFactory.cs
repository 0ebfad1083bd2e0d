using System.Diagnostics.CodeAnalysis;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;
using S3Proxy.Configuration;
using S3Proxy.Native;

namespace S3Proxy.Transport;

/// <summary>
/// Kestrel's socket transport, twice: connections of the data port, with HTTP/1.1 without TLS, go on where their bytes were received (<c>listen.inlineScheduling</c>), all others on the pool. Where bodies go from memory
/// to sockets, connections have another output, <see cref="DirectPipeWriter"/>. Accepting, receiving, aborting and closing stay the transport's own.
/// </summary>
[SuppressMessage("Performance", "CA1812", Justification = "Made by the container.")]
internal sealed class ClientTransportFactory(ListenConfiguration listen, DataPort data, IOptionsFactory<SocketTransportOptions> options, ILoggerFactory loggers)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private readonly SocketTransportFactory _pooled = New(options, loggers, isInline: false);
    private readonly SocketTransportFactory _inline = New(options, loggers, isInline: true);

    public bool CanBind(EndPoint endpoint) => _pooled.CanBind(endpoint);

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        // The very object: both ports may be 0. Handshakes, and frames of many streams, are not for the threads that hear sockets; and bodies that are encrypted or framed need a copy.
        bool isData = ReferenceEquals(endpoint, listen.Endpoint);
        bool isPlainData = isData && listen is { Tls: null, Protocols: HttpVersions.Http1 };
        IConnectionListener listener = await (isPlainData && listen.InlineScheduling ? _inline : _pooled).BindAsync(endpoint, cancellationToken);
        if (isData)
        {
            data.Bound(listener);
        }

        return isPlainData && listen.ZeroCopy && MemoryFile.IsSupported ? new DirectListener(listener, listen.ZeroCopyPolicy) : listener;
    }

    private static SocketTransportFactory New(IOptionsFactory<SocketTransportOptions> options, ILoggerFactory loggers, bool isInline)
    {
        SocketTransportOptions sockets = options.Create(Options.DefaultName);
        sockets.UnsafePreferInlineScheduling = isInline;
        return new SocketTransportFactory(Options.Create(sockets), loggers);
    }
}
