using System.Threading.Channels;
using S3Proxy.Caching.Redis;
using S3Proxy.Testing.Redis;
using Xunit.Abstractions;

namespace S3Proxy.Tests.Caching.Redis;

/// <summary>The adapter while its server is killed, paused, cut off or moved (requirement W8).</summary>
public sealed class RedisConnectionsFaultTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_server_that_is_killed_is_used_again_when_it_is_back_and_channels_are_heard_again()
    {
        if (!IsInstalled())
        {
            return;
        }

        await using RedisServer server = await RedisServer.StartAsync();
        await using RedisBench bench = new(server.Address);
        Channel<bool> link = Channel.CreateUnbounded<bool>();
        Channel<byte> heard = Channel.CreateUnbounded<byte>();
        bench.Redis.OnLinkChanged(isUp => link.Writer.TryWrite(isUp));

        await bench.HearAsync("c", message => heard.Writer.TryWrite(message[0]));
        Assert.True(await NextAsync(link));
        Assert.Equal(1, await CountAsync(bench));

        server.Stop();

        Assert.False(await NextAsync(link));
        for (int i = 0; i < 4; i++)
        {
            await Assert.ThrowsAsync<RedisUnavailableException>(() => CountAsync(bench));
        }

        Assert.False(bench.Redis.IsAvailable);
        await server.RestartAsync();
        Assert.Equal(1, await RedisBench.UntilAnsweredAsync(() => CountAsync(bench)));
        Assert.True(bench.Redis.IsAvailable);
        Assert.True(await NextAsync(link));
        await RedisBench.UntilAnsweredAsync(async () =>
        {
            await bench.Redis.PublishAsync("c", [9], CancellationToken.None);
            return true;
        });
        Assert.Equal(9, await NextAsync(heard));
    }

    [Fact]
    public async Task The_proxy_starts_without_redis_and_takes_it_when_it_is_there()
    {
        if (!IsInstalled())
        {
            return;
        }

        await using RedisServer server = await RedisServer.StartAsync();
        server.Stop();
        await using RedisBench bench = new(
            server.Address, configuration => configuration with { ConnectTimeout = TimeSpan.FromMilliseconds(500), Timeout = TimeSpan.FromSeconds(2) });
        await Assert.ThrowsAsync<RedisUnavailableException>(() => CountAsync(bench));
        Channel<byte> heard = Channel.CreateUnbounded<byte>();
        await Assert.ThrowsAsync<RedisUnavailableException>(
            () => bench.Redis.SubscribeAsync("c", message => heard.Writer.TryWrite(message[0]), CancellationToken.None).AsTask());

        await server.RestartAsync();

        Assert.Equal(1, await RedisBench.UntilAnsweredAsync(() => CountAsync(bench)));
        await bench.HearAsync("c", message => heard.Writer.TryWrite(message[0]));
        await bench.Redis.PublishAsync("c", [1], CancellationToken.None);
        await bench.Redis.PublishAsync("c", [2], CancellationToken.None);
        Assert.Equal(1, await NextAsync(heard));
        Assert.Equal(2, await NextAsync(heard));
    }

    [Fact]
    public async Task A_server_that_does_not_answer_costs_time_outs_until_the_breaker_opens_and_one_command_tries_again()
    {
        if (!IsInstalled())
        {
            return;
        }

        await using RedisServer server = await RedisServer.StartAsync();
        await using RedisBench bench = new(server.Address, configuration => configuration with { Timeout = TimeSpan.FromMilliseconds(200) });
        await RedisBench.UntilAnsweredAsync(() => CountAsync(bench));
        server.Pause();

        RedisUnavailableException error;
        do
        {
            error = await Assert.ThrowsAsync<RedisUnavailableException>(() => CountAsync(bench));
        }
        while (error.Result == RedisCallResult.TimedOut);

        Assert.Equal(RedisCallResult.NotTried, error.Result);
        Assert.False(bench.Redis.IsAvailable);
        Assert.InRange(bench.Commands["count timed_out"], 3, 20);
        server.Resume();
        await RedisBench.UntilAnsweredAsync(() => CountAsync(bench));
        Assert.True(bench.Redis.IsAvailable);
    }

    [Fact]
    public async Task A_connection_on_which_nothing_comes_any_more_is_replaced()
    {
        if (!IsInstalled())
        {
            return;
        }

        await using RedisServer server = await RedisServer.StartAsync();
        await using DelayingProxy way = new(server.Port);
        await using RedisBench bench = new(way.Address, configuration => configuration with { Timeout = TimeSpan.FromMilliseconds(300), ConnectTimeout = TimeSpan.FromSeconds(1) });
        Channel<bool> link = Channel.CreateUnbounded<bool>();
        bench.Redis.OnLinkChanged(isUp => link.Writer.TryWrite(isUp));
        await bench.HearAsync("c", _ => { });
        Assert.True(await NextAsync(link));
        await RedisBench.UntilAnsweredAsync(() => CountAsync(bench));

        way.HoldForEver();

        // Connections that are open now stay silent; new ones work.
        await RedisBench.UntilAnsweredAsync(() => CountAsync(bench));
        Assert.False(await NextAsync(link));
        Assert.True(await NextAsync(link));
    }

    [Fact]
    public async Task A_server_that_is_full_counts_as_away()
    {
        if (!IsInstalled())
        {
            return;
        }

        await using RedisServer server = await RedisServer.StartAsync(new RedisServerOptions { Lines = ["maxmemory 1mb", "maxmemory-policy noeviction"] });
        await using RedisBench bench = new(server.Address);

        RedisUnavailableException script = await Assert.ThrowsAsync<RedisUnavailableException>(() => CountAsync(bench));
        RedisUnavailableException body = await Assert.ThrowsAsync<RedisUnavailableException>(
            () => bench.Redis.SetAsync("s", new byte[100_000], TimeSpan.FromMinutes(1), CancellationToken.None).AsTask());
        RedisUnavailableException more = await Assert.ThrowsAsync<RedisUnavailableException>(
            () => bench.Redis.AppendAsync("s", new byte[100_000], TimeSpan.FromMinutes(1), CancellationToken.None).AsTask());

        Assert.All([script, body, more], error => Assert.Equal(RedisCallResult.Unable, error.Result));
    }

    [Fact]
    public async Task Connections_are_as_many_as_documented()
    {
        if (!IsInstalled())
        {
            return;
        }

        await using RedisServer server = await RedisServer.StartAsync();
        await using RedisBench bench = new(server.Address, configuration => configuration with { BulkConnections = 3 });
        await CountAsync(bench);
        await bench.HearAsync("c", _ => { });
        for (int i = 0; i < 3; i++)
        {
            await bench.Redis.SetAsync("s", [1], TimeSpan.FromMinutes(1), CancellationToken.None);
        }

        string[] clients = ((string)(await server.CommandAsync("CLIENT", "LIST"))!).Split('\n');
        Assert.Single(clients, client => client.Contains("name=s3proxy-commands", StringComparison.Ordinal));
        Assert.Equal(2, clients.Count(client => client.Contains("name=s3proxy-channels", StringComparison.Ordinal)));
        Assert.Equal(3, clients.Count(client => client.Contains("name=s3proxy-bodies", StringComparison.Ordinal)));
    }

    private static async Task<long> CountAsync(RedisBench bench) => (await bench.Redis.EvaluateAsync(RedisScenarios.Count, ["k"], [], CancellationToken.None)).Number;

    private static async Task<T> NextAsync<T>(Channel<T> channel) => await channel.Reader.ReadAsync().AsTask().WaitAsync(RedisBench.Limit, TimeProvider.System);

    private bool IsInstalled()
    {
        string? missing = RedisServer.FindMissing();
        if (missing is not null)
        {
            output.WriteLine(missing);
        }

        return missing is null;
    }
}
