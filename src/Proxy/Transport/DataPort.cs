using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using S3Proxy.Pipeline;

namespace S3Proxy.Transport;

/// <summary>
/// The data port with its connections, so that it can be closed while the admin port goes on answering (requirement R2, decision 0021). Kestrel itself closes all ports together.
/// </summary>
/// <remarks>Thread-safe; one for the whole process. Bounded by the connections there are.</remarks>
internal sealed class DataPort
{
    private readonly ConcurrentDictionary<ConnectionContext, ListenerFeature> _connections = new();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile IConnectionListener? _listener;
    private volatile bool _isClosed;

    /// <summary>Requests that run on the port at this moment. One that begins or ends meanwhile may be among them or not.</summary>
    public int RunningRequests => _connections.Values.Sum(connection => connection.RunningRequests);

    /// <summary>Takes in what accepts the port's connections. Called once, before the first of them.</summary>
    public void Bound(IConnectionListener listener) => _listener = listener;

    /// <summary>Serves a connection of the port by <paramref name="next"/>, and has it end after its requests when the port is closed.</summary>
    public async Task ServeAsync(ConnectionContext connection, ListenerFeature feature, ConnectionDelegate next)
    {
        _connections[connection] = feature;
        try
        {
            // Either this sees that the port was closed, or whoever closes it sees the connection.
            if (_isClosed)
            {
                AskToEnd(connection);
            }

            await next(connection);
        }
        finally
        {
            _connections.TryRemove(connection, out _);
            TellIfDrained();
        }
    }

    /// <summary>Accepts no connections any more and has those that are open end: idle ones at once, others after the requests they have begun. Ends when all have.</summary>
    /// <param name="cancellationToken">Ends the wait; connections go on as they are.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        if (_listener is { } listener)
        {
            await listener.UnbindAsync(cancellationToken);
        }

        _isClosed = true;
        foreach (ConnectionContext connection in _connections.Keys)
        {
            AskToEnd(connection);
        }

        TellIfDrained();
        await _drained.Task.WaitAsync(cancellationToken);
    }

    private static void AskToEnd(ConnectionContext connection) => connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();

    private void TellIfDrained()
    {
        if (_isClosed && _connections.IsEmpty)
        {
            _drained.TrySetResult();
        }
    }
}
