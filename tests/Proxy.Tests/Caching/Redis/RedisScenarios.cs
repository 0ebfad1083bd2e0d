using System.Threading.Channels;
using S3Proxy.Caching.Redis;

namespace S3Proxy.Tests.Caching.Redis;

/// <summary>What the adapter does on any server that speaks the protocol.</summary>
internal static class RedisScenarios
{
    public static readonly RedisScript Count = RedisScript.Of("count", "return redis.call('INCR', KEYS[1])");

    private static readonly RedisScript Echo = RedisScript.Of(
        "echo", "return { KEYS[1], ARGV[1], 7, false, { ARGV[2] }, redis.call('INCR', KEYS[1]) }");

    public static async Task UseScriptsAsync(RedisBench bench)
    {
        byte[] bytes = [0, 255, 13, 10, 128];

        RedisReply reply = await bench.Redis.EvaluateAsync(Echo, ["k"], [bytes, "é"], CancellationToken.None);

        Assert.Equal(6, reply.Items.Count);
        Assert.Equal("k", reply.Items[0].Text);
        Assert.Equal(bytes, reply.Items[1].Bytes);
        Assert.Equal(7, reply.Items[2].Number);
        Assert.True(reply.Items[3].IsNull);
        Assert.Equal("é", Assert.Single(reply.Items[4].Items).Text);
        Assert.Equal(1, reply.Items[5].Number);
        Assert.Equal(2, (await bench.Redis.EvaluateAsync(Count, ["k"], [], CancellationToken.None)).Number);
        Assert.False(bench.Redis.IsCluster);
        Assert.Equal(0, bench.Redis.SlotOf("k"));
        Assert.Equal(1, bench.Commands["echo ok"]);
    }

    public static async Task UseStringsAsync(RedisBench bench)
    {
        byte[] large = new byte[3 << 20];
        Random.Shared.NextBytes(large);

        await bench.Redis.SetAsync("s", large, TimeSpan.FromMinutes(1), CancellationToken.None);
        Assert.Equal(large[100..300], await bench.Redis.GetRangeAsync("s", 100, 200, CancellationToken.None));
        Assert.Equal(large, await bench.Redis.GetRangeAsync("s", 0, int.MaxValue, CancellationToken.None));
        Assert.Empty(await bench.Redis.GetRangeAsync("s", large.Length, 1, CancellationToken.None));
        Assert.Empty(await bench.Redis.GetRangeAsync("none", 0, 1, CancellationToken.None));

        Assert.Equal(2, await bench.Redis.AppendAsync("a", [1, 2], TimeSpan.FromMinutes(1), CancellationToken.None));
        Assert.Equal(3, await bench.Redis.AppendAsync("a", [3], TimeSpan.FromMinutes(2), CancellationToken.None));
        Assert.Equal([1, 2, 3], await bench.Redis.GetRangeAsync("a", 0, 10, CancellationToken.None));

        Assert.Equal(2, await bench.Redis.RemoveAsync(["a", "none", "s"], CancellationToken.None));
        Assert.Empty(await bench.Redis.GetRangeAsync("a", 0, 10, CancellationToken.None));
    }

    public static async Task HearMessagesInOrderAsync(RedisBench bench)
    {
        Channel<byte> heard = Channel.CreateUnbounded<byte>();
        await bench.HearAsync("c", message => heard.Writer.TryWrite(message[0]));

        // Until there is a connection, calls wait for it, and then go in no order.
        Assert.Equal(1, (await bench.Redis.EvaluateAsync(Count, ["messages"], [], CancellationToken.None)).Number);
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => bench.Redis.PublishAsync("c", [(byte)i], CancellationToken.None).AsTask()));
        for (int i = 0; i < 200; i++)
        {
            Assert.Equal(i, await heard.Reader.ReadAsync().AsTask().WaitAsync(RedisBench.Limit, TimeProvider.System));
        }
    }
}
