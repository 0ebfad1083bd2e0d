using System.Threading.Channels;
using S3Proxy.Caching.Redis;
using S3Proxy.Testing.Redis;
using Xunit.Abstractions;

namespace S3Proxy.Tests.Caching.Redis;

/// <summary>The adapter against a real server (requirements C3, W4, W8).</summary>
public sealed class RedisConnectionsTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Scripts_take_and_give_bytes_numbers_and_lists()
    {
        await using RedisServer? server = await StartAsync();
        if (server is null)
        {
            return;
        }

        await using RedisBench bench = new(server.Address);
        await RedisScenarios.UseScriptsAsync(bench);
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
        Assert.Equal(1, (await bench.Redis.EvaluateAsync(RedisScenarios.Count, ["k"], [], CancellationToken.None)).Number);
        await server.ResetStatsAsync();
        Assert.Equal(2, (await bench.Redis.EvaluateAsync(RedisScenarios.Count, ["k"], [], CancellationToken.None)).Number);
        Assert.False((await server.CommandStatsAsync()).ContainsKey("eval"));

        await server.FlushScriptsAsync();

        Assert.Equal(3, (await bench.Redis.EvaluateAsync(RedisScenarios.Count, ["k"], [], CancellationToken.None)).Number);
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
        await RedisScenarios.UseStringsAsync(bench);

        await bench.Redis.SetAsync("s", [1], TimeSpan.FromMinutes(1), CancellationToken.None);
        Assert.InRange((long)(await server.CommandAsync("PTTL", "s"))!, 1, 60_000);
        await bench.Redis.AppendAsync("s", [2], TimeSpan.FromMinutes(2), CancellationToken.None);
        Assert.InRange((long)(await server.CommandAsync("PTTL", "s"))!, 60_001, 120_000);
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
        bench.Redis.OnLinkChanged(isUp => link.Writer.TryWrite(isUp));
        await RedisScenarios.HearMessagesInOrderAsync(bench);
        Channel<byte> heard = Channel.CreateUnbounded<byte>();
        await bench.HearAsync("c", message => heard.Writer.TryWrite(message[0]));
        Assert.True(await NextAsync(link));

        Assert.Equal(1, await server.DropClientsAsync("pubsub"));

        Assert.False(await NextAsync(link));
        Assert.True(await NextAsync(link));

        // The link is up before Redis has taken the subscription in: who relies on it sends itself a message first, as membership does.
        Task<byte> hearing = NextAsync(heard);
        while (!hearing.IsCompleted)
        {
            await bench.Redis.PublishAsync("c", [201], CancellationToken.None);
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }

        Assert.Equal(201, await hearing);
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
        await bench.HearAsync(
            "c",
            message =>
            {
                heard.Writer.TryWrite(message[0]);
                throw new InvalidOperationException("As the test wants it.");
            });
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
            Assert.Equal(1, (await bench.Redis.EvaluateAsync(RedisScenarios.Count, ["k"], [], CancellationToken.None)).Number);
        }

        await using RedisBench wrong = new(
            server.Address, configuration => configuration with { Password = "wrong-secret", ConnectTimeout = TimeSpan.FromSeconds(1), Timeout = TimeSpan.FromSeconds(5) });
        RedisUnavailableException error = await Assert.ThrowsAsync<RedisUnavailableException>(
            () => wrong.Redis.EvaluateAsync(RedisScenarios.Count, ["k"], [], CancellationToken.None).AsTask());
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
        Assert.NotEmpty(wrong.LoggedLines);
        Assert.All(wrong.LoggedLines, line => Assert.DoesNotContain("secret", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_user_that_may_use_only_our_keys_and_channels_is_enough()
    {
        await using RedisServer? server = await StartAsync(
            new RedisServerOptions { Password = "secret", Lines = ["user default on >secret resetkeys ~s:* resetchannels &s:* +@all -@admin -@dangerous +info"] });
        if (server is null)
        {
            return;
        }

        await using RedisBench bench = new(server.Address, configuration => configuration with { Password = "secret" });
        Channel<byte> heard = Channel.CreateUnbounded<byte>();
        await bench.HearAsync("s:c", message => heard.Writer.TryWrite(message[0]));
        await bench.Redis.PublishAsync("s:c", [1], CancellationToken.None);
        Assert.Equal(1, await NextAsync(heard));
        Assert.Equal(1, (await bench.Redis.EvaluateAsync(RedisScenarios.Count, ["s:k"], [], CancellationToken.None)).Number);
        Assert.Equal(1, await bench.Redis.AppendAsync("s:a", [1], TimeSpan.FromMinutes(1), CancellationToken.None));
        Assert.Equal([1], await bench.Redis.GetRangeAsync("s:a", 0, 10, CancellationToken.None));
        Assert.Equal(1, await bench.Redis.RemoveAsync(["s:a"], CancellationToken.None));

        RedisUnavailableException error = await Assert.ThrowsAsync<RedisUnavailableException>(
            () => bench.Redis.GetRangeAsync("other", 0, 10, CancellationToken.None).AsTask());
        Assert.Equal(RedisCallResult.Unable, error.Result);
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
            Assert.Equal(1, (await bench.Redis.EvaluateAsync(RedisScenarios.Count, ["k"], [], CancellationToken.None)).Number);
        }

        await using RedisBench strange = new(server.Address, configuration => configuration with { Tls = true, ConnectTimeout = TimeSpan.FromSeconds(1) });
        await Assert.ThrowsAsync<RedisUnavailableException>(() => strange.Redis.EvaluateAsync(RedisScenarios.Count, ["k"], [], CancellationToken.None).AsTask());
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
        await bench.Redis.EvaluateAsync(RedisScenarios.Count, ["k"], [], CancellationToken.None);
        server.Pause();
        using CancellationTokenSource leaving = new();
        Task<RedisReply> call = bench.Redis.EvaluateAsync(RedisScenarios.Count, ["k"], [], leaving.Token).AsTask();
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
