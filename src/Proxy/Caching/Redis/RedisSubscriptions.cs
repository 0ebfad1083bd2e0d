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

    // How long a connection without a message is trusted. Replicas hear themselves more often than that, so that this costs nothing.
    private static readonly TimeSpan BetweenProofs = TimeSpan.FromSeconds(5);

    private readonly RedisConnection _connection;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<string, Action<byte[]>> _handlers = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _changed = new(0);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _watching;

    // Guards the table of what was handed to which multiplexer.
    private readonly SemaphoreSlim _registering = new(1);
    private readonly Dictionary<string, ConnectionMultiplexer> _registered = new(StringComparer.Ordinal);

    // Guards the two below and the order in which listeners are called.
    private readonly Lock _lock = new();
    private readonly List<Action<bool>> _listeners = [];
    private bool _isUp;

    // How often the connection was lost: what was found before a loss says nothing after it.
    private long _losses;
    private long _messages;

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

    private bool IsUp
    {
        get
        {
            lock (_lock)
            {
                return _isUp;
            }
        }
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
        _handlers[channel] = onMessage;
        if (!await RegisterAsync(multiplexer, channel))
        {
            throw new RedisUnavailableException($"There is no connection to hear {channel} on.");
        }

        await multiplexer.GetSubscriber().PingAsync();
        _changed.Release();
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _watching;
        _end.Dispose();
        _changed.Dispose();
        _registering.Dispose();
    }

    private static RedisChannel ToChannel(string channel) => new(channel, RedisChannel.PatternMode.Literal);

    /// <summary>Hands a channel to the multiplexer, once; false when it has no connection for it at the moment.</summary>
    private async Task<bool> RegisterAsync(ConnectionMultiplexer multiplexer, string channel)
    {
        ISubscriber subscriber = multiplexer.GetSubscriber();
        RedisChannel name = ToChannel(channel);
        await _registering.WaitAsync();
        try
        {
            if (_registered.GetValueOrDefault(channel) != multiplexer)
            {
                _registered[channel] = multiplexer;
#if REDIS_CLIENT_1
                await subscriber.SubscribeAsync(name, (_, message) => Handle(channel, message)).WaitAsync(_timeout, _timeProvider);
#else
                (await subscriber.SubscribeAsync(name).WaitAsync(_timeout, _timeProvider)).OnMessage(message => Handle(channel, message.Message));
#endif
            }
        }
        finally
        {
            _registering.Release();
        }

        return subscriber.IsConnected(name);
    }

    private void Handle(string channel, RedisValue message)
    {
        Interlocked.Increment(ref _messages);
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
        long messages = 0;
        bool isSure = true;
        while (!_end.IsCancellationRequested)
        {
            try
            {
                await WaitAsync(_handlers.IsEmpty ? Timeout.InfiniteTimeSpan : IsUp && isSure ? BetweenProofs : BetweenLooks);
                long heard = Interlocked.Read(ref _messages);
                bool isProven = IsUp && heard != messages;
                messages = heard;
                isSure = isProven || _handlers.IsEmpty || await LookAsync();
            }
            catch (OperationCanceledException)
            {
                // The end, which the loop sees; or the multiplexer's, which comes with it.
            }
            catch (TimeoutException)
            {
                isSure = false;
                _connection.TimedOut();
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                // Not there yet, or whatever else the client has to say of a server that just left; the next look comes soon, and nobody else would take one.
                isSure = false;
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

    /// <summary>Whether all channels are heard, which is reported.</summary>
    private async Task<bool> LookAsync()
    {
        long losses = Interlocked.Read(ref _losses);
        ConnectionMultiplexer multiplexer = await _connection.Ready.WaitAsync(_end.Token);
        foreach (string channel in _handlers.Keys)
        {
            if (!await RegisterAsync(multiplexer, channel))
            {
                _connection.Unreachable();
                return false;
            }
        }

        await multiplexer.GetSubscriber().PingAsync().WaitAsync(_timeout, _timeProvider, _end.Token);
        _connection.Answered();
        Report(isUp: true, losses);
        return true;
    }
}
