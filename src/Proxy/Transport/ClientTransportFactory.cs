using System.Diagnostics.CodeAnalysis;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;
using S3Proxy.Configuration;
using S3Proxy.FastPath;
using S3Proxy.Native;
using S3Proxy.Transport.Loops;

namespace S3Proxy.Transport;

/// <summary>
/// Sockets of the data port, with HTTP/1.1 without TLS, are heard and written to by <see cref="LoopConnection"/> (Linux); all others by Kestrel's own transport: handshakes, and frames of many streams, are not for
/// the threads that hear sockets, and bodies that are encrypted or framed need a copy.
/// </summary>
[SuppressMessage("Performance", "CA1812", Justification = "Made by the container.")]
internal sealed class ClientTransportFactory(
    ListenConfiguration listen,
    DataPort data,
    EventLoops loops,
    IOptions<SocketTransportOptions> options,
    IOptions<KestrelServerOptions> server,
    ILoggerFactory loggers,
    IInstantPipeline? pipeline = null,
    TimeProvider? timeProvider = null)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private readonly SocketTransportFactory _others = new(options, loggers);

    public bool CanBind(EndPoint endpoint) => _others.CanBind(endpoint);

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        // The very object: both ports may be 0.
        if (!ReferenceEquals(endpoint, listen.Endpoint))
        {
            return await _others.BindAsync(endpoint, cancellationToken);
        }

        IConnectionListener listener = MemoryFile.IsSupported && listen is { Tls: null, Protocols: HttpVersions.Http1 }
            ? LoopListener.Bind(endpoint, options.Value, loops, LoopConnectionOptions.Of(listen, NewInstantAnswers()), loggers.CreateLogger<LoopListener>())
            : await _others.BindAsync(endpoint, cancellationToken);
        data.Bound(listener);
        return listener;
    }

    private InstantAnswers? NewInstantAnswers() =>
        listen.FastPath && pipeline is not null ? new InstantAnswers(pipeline, timeProvider ?? TimeProvider.System, server.Value.Limits, loggers.CreateLogger<InstantAnswers>()) : null;
}
