using S3Proxy.Testing.Redis;
using Xunit.Abstractions;

namespace S3Proxy.Testing.Tests.Redis;

public sealed class RedisServerTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_server_starts_counts_and_forgets()
    {
        if (RedisServer.FindMissing() is { } missing)
        {
            output.WriteLine(missing);
            return;
        }

        await using RedisServer server = await RedisServer.StartAsync(new RedisServerOptions { Password = "secret" });
        await server.CommandAsync("SET", "a", "1");
        Assert.Equal("1", await server.CommandAsync("GET", "a"));
        await server.ResetStatsAsync();
        await server.CommandAsync("GET", "a");
        await Assert.ThrowsAsync<RedisServerException>(() => server.CommandAsync("LPUSH", "a", "b"));
        IReadOnlyDictionary<string, RedisCommandUse> use = await server.CommandStatsAsync();
        Assert.Equal(new RedisCommandUse(1, 0, 0), use["get"]);
        Assert.Equal(1, use["lpush"].Failed);

        await server.FlushAllAsync();
        Assert.Null(await server.CommandAsync("GET", "a"));
        await server.CommandAsync("SET", "a", "1");
        server.Stop();
        Assert.False(server.IsRunning);
        await server.RestartAsync();
        Assert.Null(await server.CommandAsync("GET", "a"));
    }

    [Fact]
    public async Task A_paused_server_answers_later()
    {
        if (RedisServer.FindMissing() is { } missing)
        {
            output.WriteLine(missing);
            return;
        }

        await using RedisServer server = await RedisServer.StartAsync();
        server.Pause();
        Task<object?> answer = server.CommandAsync("PING");
        Assert.False(answer.IsCompleted);
        server.Resume();
        Assert.Equal("PONG", await answer);
    }

    [Fact]
    public async Task A_server_speaks_tls()
    {
        if (RedisServer.FindMissing() is { } missing)
        {
            output.WriteLine(missing);
            return;
        }

        await using RedisServer server = await RedisServer.StartAsync(new RedisServerOptions { Tls = true });
        Assert.True(File.Exists(server.CaFile));
        Assert.Equal("PONG", await server.CommandAsync("PING"));
    }

    [Fact]
    public async Task A_cluster_serves_all_slots_and_moves_one()
    {
        if (RedisServer.FindMissing() is { } missing)
        {
            output.WriteLine(missing);
            return;
        }

        await using RedisCluster cluster = await RedisCluster.StartAsync();
        int slot = await cluster.SlotOfAsync("{a}b");
        Assert.Equal(slot, await cluster.SlotOfAsync("a"));
        RedisServer owner = cluster.Nodes[slot * cluster.Nodes.Count / RedisCluster.SlotCount];
        RedisServer other = cluster.Nodes.First(node => node != owner);
        Assert.Equal("OK", await owner.CommandAsync("SET", "a", "1"));
        await owner.CommandAsync("DEL", "a");
        await cluster.MoveSlotAsync(slot, other);
        RedisServerException moved = await Assert.ThrowsAsync<RedisServerException>(() => owner.CommandAsync("SET", "a", "1"));
        Assert.StartsWith("MOVED", moved.Message, StringComparison.Ordinal);
        Assert.Equal("OK", await other.CommandAsync("SET", "a", "1"));
    }
}
