using System.Threading.Channels;
using S3Proxy.Caching.Redis;
using S3Proxy.Testing.Redis;
using Xunit.Abstractions;

namespace S3Proxy.Tests.Caching.Redis;

/// <summary>The adapter against a real server (requirements C3, W4, W8).</summary>
public sealed class RedisConnectionsTests(ITestOutputHelper output)
{
    private static readonly RedisScript Echo = RedisScript.Of(
        "echo", "return { KEYS[1], ARGV[1], 7, false, { ARGV[2] }, redis.call('INCR', KEYS[1]) }");

    private static readonly RedisScript Count = RedisScript.Of("count", "return redis.call('INCR', KEYS[1])");

    [Fact]
    public async Task Scripts_take_and_give_bytes_numbers_and_lists()
    {
        await using RedisServer? server = await StartAsync();
        if (server is null)
        {
            return;
        }

        await using RedisBench bench = new(server.Address);
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

    [Fact]
    public async Task A_script_that_the_server_forgot_is_sent_again()
    {
        await using RedisServer? server = await StartAsync();
        if (server is null)
        {
            return;
        }

        await using RedisBench bench = new(server.Address);
        Assert.Equal(1, (await bench.Redis.EvaluateAsync(Count, ["k"], [], CancellationToken.None)).Number);
        await server.ResetStatsAsync();
        Assert.Equal(2, (await bench.Redis.EvaluateAsync(Count, ["k"], [], CancellationToken.None)).Number);
        Assert.False((await server.CommandStatsAsync()).ContainsKey("eval"));

        await server.FlushScriptsAsync();

        Assert.Equal(3, (await bench.Redis.EvaluateAsync(Count, ["k"], [], CancellationToken.None)).Number);
        Assert.Equal(1, (await server.CommandStatsAsync())["eval"].Calls);
    }

    [Fact]
    public async Task Strings_are_set_appended_and_read_in_ranges_and_expire()
    {
        await using RedisServer? server = await StartAsync();
        if (server is null)
        {
            return;
        }

        await using RedisBench bench = new(server.Address);
        byte[] large = new byte[3 << 20];
        Random.Shared.NextBytes(large);

        await bench.Redis.SetAsync("s", large, TimeSpan.FromMinutes(1), CancellationToken.None);
        Assert.Equal(large[100..300], await bench.Redis.GetRangeAsync("s", 100, 200, CancellationToken.None));
        Assert.Equal(large, await bench.Redis.GetRangeAsync("s", 0, int.MaxValue, CancellationToken.None));
        Assert.Empty(await bench.Redis.GetRangeAsync("s", large.Length, 1, CancellationToken.None));
        Assert.Empty(await bench.Redis.GetRangeAsync("none", 0, 1, CancellationToken.None));
        Assert.InRange((long)(await server.CommandAsync("PTTL", "s"))!, 1, 60_000);

        Assert.Equal(2, await bench.Redis.AppendAsync("a", [1, 2], TimeSpan.FromMinutes(1), CancellationToken.None));
        Assert.Equal(3, await bench.Redis.AppendAsync("a", [3], TimeSpan.FromMinutes(2), CancellationToken.None));
        Assert.Equal([1, 2, 3], await bench.Redis.GetRangeAsync("a", 0, 10, CancellationToken.None));
        Assert.InRange((long)(await server.CommandAsync("PTTL", "a"))!, 60_001, 120_000);

        Assert.Equal(2, await bench.Redis.RemoveAsync(["a", "none", "s"], CancellationToken.None));
        Assert.Empty(await bench.Redis.GetRangeAsync("a", 0, 10, CancellationToken.None));
    }

    [Fact]
    public async Task Messages_come_in_order_and_again_after_the_connection_was_lost()
    {
        await using RedisServer? server = await StartAsync();
        if (server is null)
        {
            return;
        }

        await using RedisBench bench = new(server.Address);
        Channel<bool> link = Channel.CreateUnbounded<bool>();
        Channel<byte> heard = Channel.CreateUnbounded<byte>();
        bench.Redis.OnLinkChanged(isUp => link.Writer.TryWrite(isUp));
        await bench.Redis.SubscribeAsync("c", message => heard.Writer.TryWrite(message[0]), CancellationToken.None);
        Assert.True(await NextAsync(link));
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => bench.Redis.PublishAsync("c", [(byte)i], CancellationToken.None).AsTask()));
        for (int i = 0; i < 200; i++)
        {
            Assert.Equal(i, await NextAsync(heard));
        }

        Assert.Equal(1, await server.DropClientsAsync("pubsub"));

        Assert.False(await NextAsync(link));
        Assert.True(await NextAsync(link));
        await bench.Redis.PublishAsync("c", [201], CancellationToken.None);
        Assert.Equal(201, await NextAsync(heard));
    }

    [Fact]
    public async Task A_handler_that_throws_hears_the_next_message()
    {
        await using RedisServer? server = await StartAsync();
        if (server is null)
        {
            return;
        }

        await using RedisBench bench = new(server.Address);
        Channel<byte> heard = Channel.CreateUnbounded<byte>();
        await bench.Redis.SubscribeAsync(
            "c",
            message =>
            {
                heard.Writer.TryWrite(message[0]);
                throw new InvalidOperationException("As the test wants it.");
            },
            CancellationToken.None);
        await bench.Redis.PublishAsync("c", [1], CancellationToken.None);
        await bench.Redis.PublishAsync("c", [2], CancellationToken.None);

        Assert.Equal(1, await NextAsync(heard));
        Assert.Equal(2, await NextAsync(heard));
        Assert.Contains(bench.LoggedLines, line => line.Contains("As the test wants it.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_password_is_sent_and_never_shown()
    {
        await using RedisServer? server = await StartAsync(new RedisServerOptions { Password = "right-secret" });
        if (server is null)
        {
            return;
        }

        await using (RedisBench bench = new(server.Address, configuration => configuration with { Password = "right-secret" }))
        {
            Assert.Equal(1, (await bench.Redis.EvaluateAsync(Count, ["k"], [], CancellationToken.None)).Number);
        }

        await using RedisBench wrong = new(
            server.Address, configuration => configuration with { Password = "wrong-secret", ConnectTimeout = TimeSpan.FromSeconds(1), Timeout = TimeSpan.FromSeconds(5) });
        RedisUnavailableException error = await Assert.ThrowsAsync<RedisUnavailableException>(
            () => wrong.Redis.EvaluateAsync(Count, ["k"], [], CancellationToken.None).AsTask());
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
        Assert.NotEmpty(wrong.LoggedLines);
        Assert.All(wrong.LoggedLines, line => Assert.DoesNotContain("secret", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Tls_trusts_the_authority_given_and_no_other()
    {
        await using RedisServer? server = await StartAsync(new RedisServerOptions { Tls = true });
        if (server is null)
        {
            return;
        }

        await using (RedisBench bench = new(server.Address, configuration => configuration with { Tls = true, TlsCaFile = server.CaFile }))
        {
            Assert.Equal(1, (await bench.Redis.EvaluateAsync(Count, ["k"], [], CancellationToken.None)).Number);
        }

        await using RedisBench strange = new(server.Address, configuration => configuration with { Tls = true, ConnectTimeout = TimeSpan.FromSeconds(1) });
        await Assert.ThrowsAsync<RedisUnavailableException>(() => strange.Redis.EvaluateAsync(Count, ["k"], [], CancellationToken.None).AsTask());
    }

    [Fact]
    public async Task Every_command_refused_by_the_server_is_one_exception()
    {
        await using RedisServer? server = await StartAsync();
        if (server is null)
        {
            return;
        }

        await using RedisBench bench = new(server.Address);
        await server.CommandAsync("LPUSH", "list", "x");

        RedisUnavailableException error = await Assert.ThrowsAsync<RedisUnavailableException>(
            () => bench.Redis.AppendAsync("list", [1], TimeSpan.FromMinutes(1), CancellationToken.None).AsTask());

        Assert.Equal(RedisCallResult.Refused, error.Result);
        Assert.True(bench.Redis.IsAvailable);
        Assert.Equal(1, bench.Commands["append refused"]);
    }

    [Fact]
    public async Task A_caller_that_leaves_is_told_so()
    {
        await using RedisServer? server = await StartAsync();
        if (server is null)
        {
            return;
        }

        await using RedisBench bench = new(server.Address);
        await bench.Redis.EvaluateAsync(Count, ["k"], [], CancellationToken.None);
        server.Pause();
        using CancellationTokenSource leaving = new();
        Task<RedisReply> call = bench.Redis.EvaluateAsync(Count, ["k"], [], leaving.Token).AsTask();
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        server.Resume();
        Assert.Equal(1, bench.Commands["count cancelled"]);
    }

    private static async Task<T> NextAsync<T>(Channel<T> channel) => await channel.Reader.ReadAsync().AsTask().WaitAsync(RedisBench.Limit, TimeProvider.System);

    private async Task<RedisServer?> StartAsync(RedisServerOptions? options = null)
    {
        if (RedisServer.FindMissing() is { } missing)
        {
            output.WriteLine(missing);
            return null;
        }

        return await RedisServer.StartAsync(options);
    }
}
