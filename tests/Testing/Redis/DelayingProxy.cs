using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace S3Proxy.Testing.Redis;

/// <summary>
/// Stands between a client and a server on 127.0.0.1, and makes the way between them slow, silent or broken. Thread-safe.
/// </summary>
public sealed class DelayingProxy : IAsyncDisposable
{
    private const int BufferBytes = 64 << 10;

    private readonly int _targetPort;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<Connection, Task> _connections = new();
    private readonly Lock _lock = new();
    private readonly Task _accepting;
    private TaskCompletionSource _open = Opened();
    private long _delayTicks;

    public DelayingProxy(int targetPort)
    {
        _targetPort = targetPort;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    /// <summary>Where clients connect.</summary>
    public int Port { get; }

    /// <summary><c>HOST:PORT</c>.</summary>
    public string Address => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    /// <summary>Added to every piece, in each direction. Zero at first.</summary>
    public TimeSpan Delay
    {
        get => new(Volatile.Read(ref _delayTicks));
        set => Volatile.Write(ref _delayTicks, value.Ticks);
    }

    /// <summary>Lets no byte through from now on, in either direction; connections stay open and new ones are accepted: a partition that nobody tells of.</summary>
    public void Hold()
    {
        lock (_lock)
        {
            if (_open.Task.IsCompleted)
            {
                _open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    /// <summary>Ends <see cref="Hold"/>: what was held comes through.</summary>
    public void Release()
    {
        lock (_lock)
        {
            _open.TrySetResult();
        }
    }

    /// <summary>The connections that are open now stay open, and nothing comes through them any more; new ones work: what a firewall does that forgot them.</summary>
    public void HoldForEver()
    {
        foreach (Connection connection in _connections.Keys)
        {
            connection.IsSilent = true;
        }
    }

    /// <summary>Breaks all connections; tells how many there were.</summary>
    public int DropConnections()
    {
        int dropped = 0;
        foreach (Connection connection in _connections.Keys)
        {
            dropped++;
            connection.Client.Client.LingerState = new LingerOption(enable: true, 0);
            connection.Client.Dispose();
        }

        return dropped;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections.Values);
        _end.Dispose();
    }

    private static TaskCompletionSource Opened()
    {
        TaskCompletionSource open = new();
        open.SetResult();
        return open;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Connection connection = new(await _listener.AcceptTcpClientAsync(_end.Token));
                _connections[connection] = ServeAsync(connection);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end.
        }
    }

    private async Task ServeAsync(Connection connection)
    {
        // The caller enters it into the table first.
        await Task.Yield();
        TcpClient client = connection.Client;
        using TcpClient server = new() { NoDelay = true };
        client.NoDelay = true;
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _targetPort, _end.Token);
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
            Task up = CopyAsync(connection, client.GetStream(), server.GetStream(), either.Token);
            Task down = CopyAsync(connection, server.GetStream(), client.GetStream(), either.Token);
            await Task.WhenAny(up, down);
            await either.CancelAsync();
            await Task.WhenAll(up, down);
        }
        catch (Exception error) when (error is SocketException or IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // One of the two is gone; so is the other, then.
        }
        finally
        {
            client.Dispose();
            _connections.TryRemove(connection, out _);
        }
    }

    private async Task CopyAsync(Connection connection, NetworkStream from, NetworkStream to, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[BufferBytes];
        try
        {
            int read;
            while ((read = await from.ReadAsync(buffer, cancellationToken)) > 0)
            {
                await Task.Delay(Delay, TimeProvider.System, cancellationToken);
                await _open.Task.WaitAsync(cancellationToken);
                if (!connection.IsSilent)
                {
                    await to.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                }
            }
        }
        catch (Exception error) when (error is SocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            // As above.
        }
    }

    private sealed class Connection(TcpClient client)
    {
        private volatile bool _isSilent;

        public TcpClient Client { get; } = client;

        public bool IsSilent
        {
            get => _isSilent;
            set => _isSilent = value;
        }
    }
}
