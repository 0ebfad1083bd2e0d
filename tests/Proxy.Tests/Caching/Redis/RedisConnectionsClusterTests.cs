using System.Threading.Channels;
using S3Proxy.Testing.Redis;
using Xunit.Abstractions;

namespace S3Proxy.Tests.Caching.Redis;

/// <summary>The adapter against a real Redis Cluster (requirement C3).</summary>
public sealed class RedisConnectionsClusterTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Keys_of_all_nodes_are_reached_from_any_and_followed_when_they_move()
    {
        if (RedisServer.FindMissing() is { } missing)
        {
            output.WriteLine(missing);
            return;
        }

        await using RedisCluster cluster = await RedisCluster.StartAsync();
        await using RedisBench bench = new(cluster.Nodes[1].Address);
        string[] keys = [.. Enumerable.Range(0, 60).Select(i => $"key{i}")];
        foreach (string key in keys)
        {
            Assert.Equal(1, await CountAsync(bench, key));
            await bench.Redis.SetAsync(key + "-body", [1], TimeSpan.FromMinutes(1), CancellationToken.None);
            Assert.Equal(2, await bench.Redis.AppendAsync(key + "-body", [2], TimeSpan.FromMinutes(1), CancellationToken.None));
        }

        Assert.True(bench.Redis.IsCluster);
        Assert.Equal(await cluster.SlotOfAsync("a{tag}b"), bench.Redis.SlotOf("a{tag}b"));
        Assert.Equal(bench.Redis.SlotOf("tag"), bench.Redis.SlotOf("a{tag}b"));
        Assert.Equal(keys.Length, await bench.Redis.RemoveAsync(keys, CancellationToken.None));

        foreach (string key in keys)
        {
            int slot = bench.Redis.SlotOf(key);
            RedisServer owner = cluster.Nodes[slot * 3 / RedisCluster.SlotCount];
            await cluster.MoveSlotAsync(slot, cluster.Nodes.First(node => node != owner));
            Assert.Equal(1, await CountAsync(bench, key));
            Assert.Equal(2, await CountAsync(bench, key));
            await bench.Redis.RemoveAsync([key], CancellationToken.None);
            Assert.Equal(1, await bench.Redis.AppendAsync(key, [1], TimeSpan.FromMinutes(1), CancellationToken.None));
            Assert.Equal([1], await bench.Redis.GetRangeAsync(key, 0, 10, CancellationToken.None));
        }
    }

    [Fact]
    public async Task Messages_cross_the_nodes_and_a_lost_node_is_a_gap_that_ends()
    {
        if (RedisServer.FindMissing() is { } missing)
        {
            output.WriteLine(missing);
            return;
        }

        await using RedisCluster cluster = await RedisCluster.StartAsync();
        await using RedisBench bench = new(cluster.Address, configuration => configuration with { Timeout = TimeSpan.FromSeconds(2), ConnectTimeout = TimeSpan.FromSeconds(2) });
        Channel<bool> link = Channel.CreateUnbounded<bool>();
        Channel<string> heard = Channel.CreateUnbounded<string>();
        bench.Redis.OnLinkChanged(isUp => link.Writer.TryWrite(isUp));
        await bench.HearAsync("c", message => heard.Writer.TryWrite(System.Text.Encoding.UTF8.GetString(message)));
        Assert.True(await NextAsync(link));
        for (int i = 0; i < cluster.Nodes.Count; i++)
        {
            await PublishUntilHeardAsync(cluster.Nodes[i], $"from {i}", heard);
        }

        RedisServer? subscribed = null;
        foreach (RedisServer node in cluster.Nodes)
        {
            subscribed = ((object[])(await node.CommandAsync("PUBSUB", "CHANNELS"))!).Length > 0 ? node : subscribed;
        }

        subscribed!.Stop();

        Assert.False(await NextAsync(link));
        Assert.True(await NextAsync(link));
        RedisServer other = cluster.Nodes.First(node => node != subscribed);
        await PublishUntilHeardAsync(other, "again", heard);
    }

    private static async Task<long> CountAsync(RedisBench bench, string key) => (await bench.Redis.EvaluateAsync(RedisScenarios.Count, [key], [], CancellationToken.None)).Number;

    /// <summary>Nodes find one another in their own time, at first and when one is lost; what is published meanwhile may not cross, and is published again.</summary>
    private static async Task PublishUntilHeardAsync(RedisServer node, string text, Channel<string> heard)
    {
        string? last = null;
        while (last != text)
        {
            Task<string> next = NextAsync(heard);
            while (!next.IsCompleted)
            {
                await node.CommandAsync("PUBLISH", "c", text);
                await Task.WhenAny(next, Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System));
            }

            last = await next;
        }
    }

    private static async Task<T> NextAsync<T>(Channel<T> channel) => await channel.Reader.ReadAsync().AsTask().WaitAsync(RedisBench.Limit, TimeProvider.System);
}
