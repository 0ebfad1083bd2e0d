using System.Net;
using StackExchange.Redis;

namespace S3Proxy.Caching.Redis;

/// <summary>
/// One multiplexer of the client library: a connection to each server. Connects in the background, and goes on trying when nobody is there. Thread-safe.
/// </summary>
/// <param name="purpose">For logs: what travels on it.</param>
/// <param name="options">Not to be changed any more.</param>
/// <param name="hearsChannels">Whether messages come on it, which keep their order.</param>
/// <param name="timeProvider">Tells the time.</param>
/// <param name="logger">Told of every loss and return.</param>
internal sealed class RedisConnection(string purpose, ConfigurationOptions options, bool hearsChannels, TimeProvider timeProvider, ILogger logger)
    : IAsyncDisposable
{
    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _end = new();
    private readonly TaskCompletionSource<ConnectionMultiplexer> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _connecting = Task.CompletedTask;
    private volatile bool _isCluster;

    /// <summary>A connection of the kind was lost; runs on a thread of the library, and must not block.</summary>
    public event Action<ConnectionType>? Lost;

    /// <summary>A connection of the kind is there, for the first time or again; runs on a thread of the library, and must not block.</summary>
    public event Action<ConnectionType>? Restored;

    /// <summary>Whether a server said that it is part of a Redis Cluster; false until one was reached.</summary>
    public bool IsCluster => _isCluster;

    /// <summary>The multiplexer, as soon as it exists. It may be without any connection.</summary>
    public Task<ConnectionMultiplexer> Ready => _ready.Task;

    private string Endpoints => string.Join(", ", options.EndPoints.Select(NameOf));

    /// <summary>Begins to connect.</summary>
    public void Start() => _connecting = Task.Run(ConnectAsync);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _connecting;
        if (_ready.Task.IsCompletedSuccessfully)
        {
            await (await _ready.Task).CloseAsync(allowCommandsToComplete: false);
        }
        else
        {
            _ready.TrySetCanceled(_end.Token);
        }

        _end.Dispose();
    }

    private async Task ConnectAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                ConnectionMultiplexer multiplexer = await ConnectionMultiplexer.ConnectAsync(options, null);
                Attach(multiplexer);
                return;
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                logger.Away(purpose, Endpoints, error);
                await Task.Delay(BetweenTries, timeProvider, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Attach(ConnectionMultiplexer multiplexer)
    {
#if REDIS_CLIENT_1
        // One thread would complete all commands in their order, and wait for whoever goes on with the answer. Messages of channels need just that.
        multiplexer.PreserveAsyncOrder = hearsChannels;
#endif
        multiplexer.ConnectionFailed += (_, failure) =>
        {
            logger.ConnectionLost(purpose, NameOf(failure.EndPoint), failure.FailureType);
            Lost?.Invoke(failure.ConnectionType);
        };
        multiplexer.ConnectionRestored += (_, connection) =>
        {
            logger.ConnectionRestored(purpose, NameOf(connection.EndPoint));
            LookForCluster(multiplexer);
            Restored?.Invoke(connection.ConnectionType);
        };
        multiplexer.ConfigurationChanged += (_, _) => LookForCluster(multiplexer);
        LookForCluster(multiplexer);
        if (multiplexer.IsConnected)
        {
            logger.Connected(purpose, Endpoints);
        }
        else
        {
            logger.Away(purpose, Endpoints, error: null);
        }

        _ready.TrySetResult(multiplexer);
    }

    private void LookForCluster(ConnectionMultiplexer multiplexer)
    {
        if (!_isCluster)
        {
            _isCluster = multiplexer.GetEndPoints(configuredOnly: false).Any(server => multiplexer.GetServer(server).ServerType == ServerType.Cluster);
        }
    }

    private static string NameOf(EndPoint? endpoint) => endpoint switch
    {
        DnsEndPoint name => $"{name.Host}:{name.Port}",
        null => "a server",
        _ => endpoint.ToString()!,
    };
}
