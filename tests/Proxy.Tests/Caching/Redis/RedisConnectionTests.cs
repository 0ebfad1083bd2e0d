using Microsoft.Extensions.Logging.Abstractions;
using S3Proxy.Caching.Redis;
using S3Proxy.Configuration;
using S3Proxy.Testing;
using S3Proxy.Testing.Redis;
using StackExchange.Redis;

namespace S3Proxy.Tests.Caching.Redis;

/// <summary>When a multiplexer of the client library is given up for a new one (requirement W8).</summary>
public sealed class RedisConnectionTests : IAsyncDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);
    private readonly ManualTimeProvider _time = new();
    private readonly RedisConnection _connection;

    public RedisConnectionTests()
    {
        // Port 1 is nobody's: the multiplexer exists, and has no connection.
        RedisConfiguration configuration = RedisBench.ConfigurationFor("127.0.0.1:1") with { ConnectTimeout = ConnectTimeout };
        _connection = new RedisConnection("test", RedisClientOptions.Make(configuration, "test", hearsChannels: false), hearsChannels: false, TimeSpan.FromSeconds(1), _time, NullLogger.Instance);
        _connection.Start();

        // Timestamp 0 stands for never.
        _time.Advance(TimeSpan.FromSeconds(1));
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    [Fact]
    public async Task One_that_came_through_to_nobody_for_a_while_is_replaced()
    {
        ConnectionMultiplexer first = await _connection.Ready;
        _connection.Unreachable();
        _time.Advance(TimeSpan.FromSeconds(4.9));
        _connection.Unreachable();
        Assert.Same(first, await _connection.Ready);

        _time.Advance(TimeSpan.FromSeconds(0.1));
        _connection.Unreachable();

        Assert.NotSame(first, await _connection.Ready);
    }

    [Fact]
    public async Task One_that_some_server_answers_on_is_kept()
    {
        ConnectionMultiplexer first = await _connection.Ready;
        _connection.Unreachable();
        _time.Advance(TimeSpan.FromSeconds(4));
        _connection.Answered();
        _time.Advance(TimeSpan.FromSeconds(4));
        _connection.Unreachable();

        Assert.Same(first, await _connection.Ready);
    }

    [Fact]
    public async Task One_that_gives_no_answers_on_open_connections_is_replaced()
    {
        ConnectionMultiplexer first = await _connection.Ready;
        _connection.TimedOut();
        _time.Advance(TimeSpan.FromSeconds(4));
        _connection.TimedOut();

        Assert.NotSame(first, await _connection.Ready);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task With_other_options_one_that_a_server_is_away_from_is_replaced(bool isAway)
    {
        await using RedisServer server = await RedisServer.StartAsync();
        RedisConfiguration configuration = RedisBench.ConfigurationFor(isAway ? $"{server.Address},127.0.0.1:1" : $"{server.Address}") with { ConnectTimeout = ConnectTimeout };
        await using RedisConnection connection = new(
            "test", RedisClientOptions.Make(configuration, "test", hearsChannels: false), hearsChannels: false, TimeSpan.FromSeconds(1), _time, NullLogger.Instance);
        connection.Start();
        ConnectionMultiplexer first = await connection.Ready;
        Assert.True(first.IsConnected);

        connection.Use(connection.OptionsOf(configuration));

        Assert.Equal(!isAway, ReferenceEquals(first, await connection.Ready));
    }
}
