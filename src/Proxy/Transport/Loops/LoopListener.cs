using System.ComponentModel;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace S3Proxy.Transport.Loops;

/// <summary>Accepts the connections of a port, and gives them to <see cref="EventLoops"/> in turn.</summary>
internal sealed partial class LoopListener : IConnectionListener
{
    private static readonly TimeSpan NoRoomDelay = TimeSpan.FromMilliseconds(100);

    private readonly Socket _socket;
    private readonly EventLoops _loops;
    private readonly LoopConnectionOptions _options;
    private readonly ILogger _logger;

    private LoopListener(Socket socket, EventLoops loops, LoopConnectionOptions options, ILogger logger)
    {
        _socket = socket;
        _loops = loops;
        _options = options;
        _logger = logger;
        EndPoint = socket.LocalEndPoint!;
    }

    /// <inheritdoc/>
    public EndPoint EndPoint { get; }

    /// <summary>Listens at <paramref name="endpoint"/>.</summary>
    /// <exception cref="AddressInUseException">Somebody listens there.</exception>
    /// <exception cref="SocketException">The system refuses it.</exception>
    public static LoopListener Bind(EndPoint endpoint, SocketTransportOptions sockets, EventLoops loops, LoopConnectionOptions options, ILogger logger)
    {
        Socket? socket = null;
        try
        {
            socket = sockets.CreateBoundListenSocket(endpoint);
            socket.Listen(sockets.Backlog);
            return new LoopListener(socket, loops, options, logger);
        }
        catch (SocketException error)
        {
            socket?.Dispose();
            if (error.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                throw new AddressInUseException(error.Message, error);
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            try
            {
                if (Connect(await _socket.AcceptAsync(cancellationToken)) is { } connection)
                {
                    return connection;
                }
            }
            catch (ObjectDisposedException)
            {
                return null;
            }
            catch (SocketException error) when (error.SocketErrorCode is SocketError.OperationAborted or SocketError.Interrupted)
            {
                return null;
            }
            catch (SocketException error) when (error.SocketErrorCode is SocketError.ConnectionAborted or SocketError.ConnectionReset)
            {
                LogGone(_logger, error.Message);
            }
            catch (Win32Exception error)
            {
                // Others go on and may end meanwhile; whoever connects waits in the backlog.
                LogNoRoom(_logger, error.Message);
                await Task.Delay(NoRoomDelay, TimeProvider.System, cancellationToken);
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => DisposeAsync();

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Null when the client has gone again.</summary>
    private LoopConnection? Connect(Socket socket)
    {
        try
        {
            LoopConnectionOptions.Prepare(socket);
            return new LoopConnection(socket, _loops.Next(), _options, _logger);
        }
        catch (SocketException error)
        {
            LogGone(_logger, error.Message);
            socket.Dispose();
            return null;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    [LoggerMessage(2911, LogLevel.Warning, "No connection can be accepted at the moment: {Reason}. Raise the limit of open files (ulimit -n) if this goes on.")]
    private static partial void LogNoRoom(ILogger logger, string reason);

    [LoggerMessage(2912, LogLevel.Debug, "A connection was gone before it was accepted: {Reason}.")]
    private static partial void LogGone(ILogger logger, string reason);
}
