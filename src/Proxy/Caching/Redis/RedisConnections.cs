using S3Proxy.Configuration;
using S3Proxy.Telemetry;
using StackExchange.Redis;

namespace S3Proxy.Caching.Redis;

/// <summary>
/// Redis through StackExchange.Redis: one connection to each server for scripts and messages sent, one for messages heard, and some for bodies. Connects in the background, so that
/// the proxy starts without Redis and takes it when it is there (requirement W8). Thread-safe.
/// </summary>
internal sealed class RedisConnections : IRedis, IAsyncDisposable
{
    // A transaction would do as well, but the library does not follow one to where its slot has moved.
    private static readonly RedisScript Append = RedisScript.Load("string-append");

    private readonly RedisConnection _commands;
    private readonly RedisConnection _channels;
    private readonly RedisConnection[] _bulk;
    private readonly RedisBreaker _commandBreaker;
    private readonly RedisBreaker _bulkBreaker;
    private readonly RedisCalls _commandCalls;
    private readonly RedisCalls _bulkCalls;
    private readonly RedisSubscriptions _subscriptions;
    private uint _nextBulk;
    private int _isDisposed;

    public RedisConnections(RedisConfiguration configuration, RedisMetrics metrics, TimeProvider timeProvider, ILogger logger)
    {
        _commands = Make("commands", hearsChannels: false);
        _channels = Make("channels", hearsChannels: true);
        _bulk = [.. Enumerable.Range(0, configuration.BulkConnections).Select(_ => Make("bodies", hearsChannels: false))];

        // Bodies that take too long say nothing of leases, and the other way round.
        _commandBreaker = new RedisBreaker(timeProvider);
        _bulkBreaker = new RedisBreaker(timeProvider);
        _commandCalls = new RedisCalls(configuration.Timeout, _commandBreaker, metrics, timeProvider);
        _bulkCalls = new RedisCalls(configuration.Timeout, _bulkBreaker, metrics, timeProvider);
        _subscriptions = new RedisSubscriptions(_channels, configuration.Timeout, timeProvider, logger);
        _commands.Restored += _ => _commandBreaker.Close();
        foreach (RedisConnection connection in _bulk)
        {
            connection.Restored += _ => _bulkBreaker.Close();
        }

        metrics.Watch(() => IsAvailable);
        foreach (RedisConnection connection in All)
        {
            connection.Start();
        }

        RedisConnection Make(string purpose, bool hearsChannels) =>
            new(purpose, RedisClientOptions.Make(configuration, purpose, hearsChannels), hearsChannels, configuration.Timeout, timeProvider, logger);
    }

    public bool IsAvailable => !_commandBreaker.IsOpen;

    public bool IsCluster => _commands.IsCluster;

    private IEnumerable<RedisConnection> All => [_commands, _channels, .. _bulk];

    public int SlotOf(string key) =>
        IsCluster && _commands.Ready is { IsCompletedSuccessfully: true } ready ? Math.Max(0, ready.Result.HashSlot(key)) : 0;

    public async ValueTask<RedisReply> EvaluateAsync(
        RedisScript script, IReadOnlyList<string> keys, IReadOnlyList<RedisArgument> arguments, CancellationToken cancellationToken)
    {
        RedisKey[] redisKeys = [.. keys.Select(key => (RedisKey)key)];
        RedisValue[] values = [.. arguments.Select(argument => (RedisValue)argument.Bytes)];
        RedisResult result = await _commandCalls.SendAsync(
            script.Name,
            _commands,
            static (multiplexer, call) => EvaluateAsync(multiplexer.GetDatabase(), call.Script, call.Keys, call.Values),
            (Script: script, Keys: redisKeys, Values: values),
            cancellationToken);
        try
        {
            return RedisResults.ToReply(result);
        }
        catch (RedisServerException error)
        {
            throw new RedisUnavailableException($"The script {script.Name} answered an error.", error) { Result = RedisCallResult.Refused };
        }
    }

    public async ValueTask<byte[]> GetRangeAsync(string key, long start, int maxBytes, CancellationToken cancellationToken)
    {
        RedisValue value = await _bulkCalls.SendAsync(
            "getrange",
            NextBulk(),
            static (multiplexer, range) => multiplexer.GetDatabase().StringGetRangeAsync(range.Key, range.First, range.Last),
            (Key: key, First: start, Last: start + maxBytes - 1),
            cancellationToken);
        return (byte[]?)value ?? [];
    }

    public ValueTask<long> AppendAsync(string key, byte[] value, TimeSpan timeToLive, CancellationToken cancellationToken) => _bulkCalls.SendAsync(
        "append",
        NextBulk(),
        static (multiplexer, append) => AppendAsync(multiplexer.GetDatabase(), append.Key, append.Value, append.TimeToLive),
        (Key: key, Value: value, TimeToLive: timeToLive),
        cancellationToken);

    public async ValueTask SetAsync(string key, byte[] value, TimeSpan timeToLive, CancellationToken cancellationToken) => await _bulkCalls.SendAsync(
        "set",
        NextBulk(),
        static (multiplexer, set) => multiplexer.GetDatabase().StringSetAsync(set.Key, set.Value, set.TimeToLive),
        (Key: key, Value: value, TimeToLive: timeToLive),
        cancellationToken);

    public ValueTask<long> RemoveAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken) => _commandCalls.SendAsync(
        "del",
        _commands,
        static (multiplexer, removal) => RemoveAsync(multiplexer.GetDatabase(), removal.Keys, removal.IsCluster),
        (Keys: keys, IsCluster),
        cancellationToken);

    public async ValueTask PublishAsync(string channel, byte[] message, CancellationToken cancellationToken) => await _commandCalls.SendAsync(
        "publish",
        _commands,
        static (multiplexer, publication) => multiplexer.GetDatabase().PublishAsync(
            new RedisChannel(publication.Channel, RedisChannel.PatternMode.Literal), publication.Message),
        (Channel: channel, Message: message),
        cancellationToken);

    public async ValueTask SubscribeAsync(string channel, Action<byte[]> onMessage, CancellationToken cancellationToken) => await _commandCalls.SendAsync(
        "subscribe",
        _channels,
        static (multiplexer, subscription) => subscription.Subscriptions.SubscribeAsync(multiplexer, subscription.Channel, subscription.OnMessage),
        (Subscriptions: _subscriptions, Channel: channel, OnMessage: onMessage),
        cancellationToken);

    public void OnLinkChanged(Action<bool> isUp) => _subscriptions.OnLinkChanged(isUp);

    /// <summary>Has connections that are opened from now on use another password, and trust other authorities; open ones go on. All else of the configuration stays what it was.</summary>
    /// <exception cref="Exception">The authorities cannot be read any more; nothing has changed.</exception>
    public void UseAccess(RedisConfiguration configuration)
    {
        (RedisConnection Connection, ConfigurationOptions Options)[] made = [.. All.Select(connection => (connection, connection.OptionsOf(configuration)))];
        foreach ((RedisConnection connection, ConfigurationOptions options) in made)
        {
            connection.Use(options);
        }
    }

    public async ValueTask DisposeAsync()
    {
        // The container does it once for each name that it knows it by.
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        await _subscriptions.DisposeAsync();
        foreach (RedisConnection connection in All)
        {
            await connection.DisposeAsync();
        }
    }

    private static async Task<RedisResult> EvaluateAsync(IDatabase database, RedisScript script, RedisKey[] keys, RedisValue[] values)
    {
        try
        {
            return await database.ScriptEvaluateAsync(script.Hash, keys, values);
        }
        catch (RedisServerException error) when (error.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal))
        {
            return await database.ScriptEvaluateAsync(script.Text, keys, values, CommandFlags.NoScriptCache);
        }
    }

    private static async Task<long> AppendAsync(IDatabase database, string key, byte[] value, TimeSpan timeToLive) =>
        (long)await EvaluateAsync(database, Append, [key], [value, (long)timeToLive.TotalMilliseconds]);

    private static async Task<long> RemoveAsync(IDatabase database, IReadOnlyList<string> keys, bool isCluster)
    {
        if (!isCluster)
        {
            return await database.KeyDeleteAsync([.. keys.Select(key => (RedisKey)key)]);
        }

        bool[] removed = await Task.WhenAll(keys.Select(key => database.KeyDeleteAsync(key)));
        return removed.LongCount(wasThere => wasThere);
    }

    private RedisConnection NextBulk() => _bulk[Interlocked.Increment(ref _nextBulk) % (uint)_bulk.Length];
}
