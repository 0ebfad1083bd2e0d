using System.Collections.Concurrent;
using StackExchange.Redis;

namespace S3Proxy.Caching.Redis;

/// <summary>
/// The channels that this process hears, and whether it does. Thread-safe.
/// </summary>
/// <remarks>
/// The library subscribes again by itself after it has connected again, and may say so before the server has done it. So "up" is told only after the server answered something that was
/// sent behind all subscriptions on the same connection.
/// </remarks>
internal sealed class RedisSubscriptions : IAsyncDisposable
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(500);

    private readonly RedisConnection _connection;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<string, Action<byte[]>> _handlers = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _changed = new(0);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _watching;

    // Guards the two below and the order in which listeners are called.
    private readonly Lock _lock = new();
    private readonly List<Action<bool>> _listeners = [];
    private bool _isUp;

    // How often the connection was lost: what was found before a loss says nothing after it.
    private long _losses;

    public RedisSubscriptions(RedisConnection connection, TimeSpan timeout, TimeProvider timeProvider, ILogger logger)
    {
        _connection = connection;
        _timeout = timeout;
        _timeProvider = timeProvider;
        _logger = logger;
        connection.Lost += OnLost;
        connection.Restored += OnRestored;
        _watching = WatchAsync();
    }

    /// <inheritdoc cref="IRedis.OnLinkChanged"/>
    public void OnLinkChanged(Action<bool> isUp)
    {
        lock (_lock)
        {
            _listeners.Add(isUp);
        }
    }

    /// <summary>Subscribes; a channel that is heard already gets another handler.</summary>
    /// <exception cref="RedisUnavailableException">There is no connection. The channel is heard as soon as there is.</exception>
    public async Task<bool> SubscribeAsync(ConnectionMultiplexer multiplexer, string channel, Action<byte[]> onMessage)
    {
        bool isNew = !_handlers.ContainsKey(channel);
        _handlers[channel] = onMessage;
        ISubscriber subscriber = multiplexer.GetSubscriber();
        RedisChannel name = ToChannel(channel);
        if (isNew)
        {
            await RegisterAsync(subscriber, name, channel);
        }

        if (!subscriber.IsConnected(name))
        {
            throw new RedisUnavailableException($"There is no connection to hear {channel} on.");
        }

        await subscriber.PingAsync();
        _changed.Release();
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _watching;
        _end.Dispose();
        _changed.Dispose();
    }

    private static RedisChannel ToChannel(string channel) => new(channel, RedisChannel.PatternMode.Literal);

#if REDIS_CLIENT_1
    private Task RegisterAsync(ISubscriber subscriber, RedisChannel name, string channel) =>
        subscriber.SubscribeAsync(name, (_, message) => Handle(channel, message));
#else
    private async Task RegisterAsync(ISubscriber subscriber, RedisChannel name, string channel) =>
        (await subscriber.SubscribeAsync(name)).OnMessage(message => Handle(channel, message.Message));
#endif

    private void Handle(string channel, RedisValue message)
    {
        try
        {
            if (_handlers.TryGetValue(channel, out Action<byte[]>? handler))
            {
                handler((byte[]?)message ?? []);
            }
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // The library would swallow it; the next message must come all the same.
            _logger.HandlerFailed(channel, error);
        }
    }

    private void OnLost(ConnectionType type)
    {
        if (type != ConnectionType.Subscription)
        {
            return;
        }

        Interlocked.Increment(ref _losses);
        Report(isUp: false, Interlocked.Read(ref _losses));
        _changed.Release();
    }

    private void OnRestored(ConnectionType type) => _changed.Release();

    private void Report(bool isUp, long losses)
    {
        lock (_lock)
        {
            if (isUp == _isUp || (isUp && losses != Interlocked.Read(ref _losses)))
            {
                return;
            }

            _isUp = isUp;
            foreach (Action<bool> listener in _listeners)
            {
                listener(isUp);
            }
        }
    }

    private async Task WatchAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                bool isUp;
                lock (_lock)
                {
                    isUp = _isUp;
                }

                await WaitAsync(isUp || _handlers.IsEmpty ? Timeout.InfiniteTimeSpan : BetweenLooks);
                long losses = Interlocked.Read(ref _losses);
                if (!_handlers.IsEmpty && await AreAllHeardAsync())
                {
                    Report(isUp: true, losses);
                }
            }
            catch (OperationCanceledException)
            {
                // The end, which the loop sees; or the multiplexer's, which comes with it.
            }
            catch (Exception error) when (error is RedisException or TimeoutException or ObjectDisposedException)
            {
                // Not there yet; the next look comes soon.
            }
        }
    }

    private async Task WaitAsync(TimeSpan atMost)
    {
        using CancellationTokenSource limit = new(atMost, _timeProvider);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _end.Token);
        await _changed.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Token.ThrowIfCancellationRequested();
    }

    private async Task<bool> AreAllHeardAsync()
    {
        ConnectionMultiplexer multiplexer = await _connection.Ready.WaitAsync(_end.Token);
        ISubscriber subscriber = multiplexer.GetSubscriber();
        if (!_handlers.Keys.All(channel => subscriber.IsConnected(ToChannel(channel))))
        {
            return false;
        }

        await subscriber.PingAsync().WaitAsync(_timeout, _timeProvider, _end.Token);
        return true;
    }
}
