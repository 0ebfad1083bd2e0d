using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using S3Proxy.Caching.Redis;
using S3Proxy.Configuration;
using S3Proxy.Telemetry;

namespace S3Proxy.Tests.Caching.Redis;

/// <summary>The adapter on a server, with what it counts and logs.</summary>
internal sealed class RedisBench : IAsyncDisposable
{
    /// <summary>Longer than anything that is waited for here takes on a busy machine.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(20);
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MeterListener _listener = new();
    private readonly LogLines _log = new();

    public RedisBench(string connection, Func<RedisConfiguration, RedisConfiguration>? change = null)
    {
        RedisConfiguration configuration = ConfigurationFor(connection);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "s3proxy.redis.commands" && instrument.Meter.Scope == _services.GetRequiredService<IMeterFactory>())
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
            Commands.AddOrUpdate($"{tags[0].Value} {tags[1].Value}", value, (_, before) => before + value));
        _listener.Start();
        Redis = new RedisConnections(
            change?.Invoke(configuration) ?? configuration, new RedisMetrics(_services.GetRequiredService<IMeterFactory>()), TimeProvider.System, _log);
    }

    public RedisConnections Redis { get; }

    /// <summary>How often a command ended how: <c>get ok</c>.</summary>
    public ConcurrentDictionary<string, long> Commands { get; } = new();

    public IEnumerable<string> LoggedLines => _log.Lines;

    public static RedisConfiguration ConfigurationFor(string connection) => new()
    {
        Endpoints = [.. connection.Split(',').Select(server => new RedisEndpoint(server.Split(':')[0], int.Parse(server.Split(':')[1], null)))],
        ConnectTimeout = TimeSpan.FromSeconds(10),
        Timeout = TimeSpan.FromSeconds(10),
    };

    /// <summary>Tries until it is answered; whoever fails for good fails with the last reason.</summary>
    public static async Task<T> UntilAnsweredAsync<T>(Func<Task<T>> attempt)
    {
        using CancellationTokenSource limit = new(Limit);
        while (true)
        {
            try
            {
                return await attempt();
            }
            catch (RedisUnavailableException) when (!limit.IsCancellationRequested)
            {
                await Task.Delay(BetweenTries, TimeProvider.System, CancellationToken.None);
            }
        }
    }

    /// <summary>Subscribes, trying until it is answered: the connection that hears is made beside the one that asks, and on a busy machine after it.</summary>
    public Task HearAsync(string channel, Action<byte[]> onMessage) => UntilAnsweredAsync(async () =>
    {
        await Redis.SubscribeAsync(channel, onMessage, CancellationToken.None);
        return true;
    });

    public async ValueTask DisposeAsync()
    {
        await Redis.DisposeAsync();
        _listener.Dispose();
        await _services.DisposeAsync();
    }

    private sealed class LogLines : ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue($"{formatter(state, exception)} {exception}");
    }
}
