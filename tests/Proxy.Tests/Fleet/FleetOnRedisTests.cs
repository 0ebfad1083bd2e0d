using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using S3Proxy.Caching;
using S3Proxy.Caching.Redis;
using S3Proxy.Configuration;
using S3Proxy.Fleet;
using S3Proxy.Invalidation;
using S3Proxy.Telemetry;
using S3Proxy.Testing.Redis;
using Xunit.Abstractions;

namespace S3Proxy.Tests.Fleet;

/// <summary>Three replicas in one process on a real Redis, with its faults (requirements I1, I2, I4, W4, W8).</summary>
public sealed class FleetOnRedisTests(ITestOutputHelper output)
{
    private const string Old = "\"old\"";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly FleetOptions Options = new() { Lease = TimeSpan.FromSeconds(3), ResendInterval = TimeSpan.FromMilliseconds(20) };

    [Fact]
    public Task When_a_write_may_be_sent_nobody_who_hears_trusts_what_is_older_though_connections_break_all_the_time() => RunAsync(async (server, replicas) =>
    {
        const int Writes = 1_000;
        int seed = Random.Shared.Next();
        output.WriteLine($"Seed {seed}");
        Random random = new(seed);
        using CancellationTokenSource end = new();
        Task faults = BreakAsync(server, new Random(seed + 1), end.Token);
        int served = 0;
        for (int i = 0; i < Writes; i++)
        {
            ObjectId id = TestObjects.Id($"key {random.Next(8)}");
            foreach (TestReplica replica in replicas)
            {
                replica.Learn(id, Old);
                served += replica.Served(id) is null ? 0 : 1;
            }

            TestReplica writer = replicas[random.Next(replicas.Length)];
            WriteIntent write = await writer.Writes.BeginAsync([id], default).AsTask().WaitAsync(Limit, TimeProvider.System);
            Assert.All(replicas, replica => Assert.Null(replica.Served(id)));
            await write.AnsweredAsync().AsTask().WaitAsync(Limit, TimeProvider.System);
            Assert.All(replicas, replica => Assert.NotEqual(Old, replica.Served(id)?.Version.ETag));
        }

        await end.CancelAsync();
        await faults;
        output.WriteLine($"{served} of {Writes * replicas.Length} times something was trusted before it was written.");
        Assert.True(served > Writes / 10, "The replicas hardly ever heard; nothing was shown.");
        await UntilAsync(() => replicas.All(replica => replica.Membership.IsHearing), "all hear again");
    });

    [Fact]
    public Task A_flush_in_the_middle_of_a_write_lets_nobody_keep_what_is_older() => RunAsync(async (server, replicas) =>
    {
        ObjectId id = TestObjects.Id("key");
        WriteIntent write = await replicas[0].Writes.BeginAsync([id], default);
        await server.FlushAllAsync();
        await UntilAsync(() => replicas.All(replica => replica.Membership.IsHearing), "all have joined again");
        Assert.All(replicas, replica => replica.Learn(id, Old));
        await write.AnsweredAsync().AsTask().WaitAsync(Limit, TimeProvider.System);
        Assert.All(replicas, replica => Assert.Null(replica.Served(id)));
    });

    [Fact]
    public Task Redis_stopped_and_started_again_fails_no_write_and_leaves_nothing_old() => RunAsync(async (server, replicas) =>
    {
        ObjectId id = TestObjects.Id("key");
        Assert.All(replicas, replica => Assert.True(replica.Learn(id, Old)));
        WriteIntent running = await replicas[0].Writes.BeginAsync([TestObjects.Id("running")], default);
        server.Stop();
        WriteIntent write = await replicas[1].Writes.BeginAsync([id], default).AsTask().WaitAsync(Limit, TimeProvider.System);
        Assert.All(replicas, replica => Assert.Null(replica.Served(id)));
        await write.AnsweredAsync().AsTask().WaitAsync(Limit, TimeProvider.System);
        await running.AnsweredAsync().AsTask().WaitAsync(Limit, TimeProvider.System);
        Assert.True(replicas[1].Invalidation.JournalLength > 0);

        await server.RestartAsync();
        await UntilAsync(() => replicas.All(replica => replica.Membership.IsHearing && replica.Invalidation.JournalLength == 0), "all hear again and know all");
        Assert.All(replicas, replica => Assert.Null(replica.Served(id)));
        string key = new RedisKeys("test", "fleet").Object(RedisKeys.TagOf(id));
        Assert.NotNull(await server.CommandAsync("HGET", key, "e"));
    });

    [Fact]
    public Task The_hash_of_an_object_shows_the_write_and_its_waiters_are_woken() => RunAsync(async (server, replicas) =>
    {
        ObjectId id = TestObjects.Id("key");
        RedisKeys keys = new("test", "fleet");
        string tag = RedisKeys.TagOf(id);
        string key = keys.Object(tag);
        List<string> woken = [];
        replicas[1].Channel.On(FleetMessageKind.Wake, message =>
        {
            lock (woken)
            {
                woken.Add(message.Text);
            }
        });
        await server.CommandAsync("HSET", key, "e", "before", "f", "7", "m", "record", "mv", "v", "l", $"7|{replicas[2].Name}", "w", $"{replicas[1].Name},gone", "i:dead", "5");

        WriteIntent write = await replicas[0].Writes.BeginAsync([id], default);
        Assert.Equal(0L, await server.CommandAsync("HEXISTS", key, "m"));
        Assert.Equal(0L, await server.CommandAsync("HEXISTS", key, "l"));
        Assert.Equal(0L, await server.CommandAsync("HEXISTS", key, "i:dead"));
        Assert.Equal("7", await server.CommandAsync("HGET", key, "f"));
        string? epoch = (string?)await server.CommandAsync("HGET", key, "e");
        Assert.NotEqual("before", epoch);
        Assert.True((long)(await server.CommandAsync("PTTL", key))! > 0);
        Assert.Equal(3L, await server.CommandAsync("HLEN", key));
        await UntilAsync(() => { lock (woken) { return woken.Contains($"{tag}|I|7|"); } }, "the waiter is woken");

        await write.AnsweredAsync();
        Assert.NotEqual(epoch, await server.CommandAsync("HGET", key, "e"));
        Assert.Equal(2L, await server.CommandAsync("HLEN", key));
    });

    [Fact]
    public Task A_purge_of_a_scope_is_known_to_all_and_to_who_joins_later() => RunAsync(async (server, replicas) =>
    {
        ObjectId inside = TestObjects.Id("a/key");
        ObjectId outside = TestObjects.Id("b/key");
        Assert.All(replicas, replica => Assert.True(replica.Learn(inside, Old) && replica.Learn(outside, Old)));
        long before = replicas[1].Membership.ScopeGeneration;
        AnnouncementResult? result = await replicas[0].Invalidation.PurgeAsync(CacheScope.Of(new BucketId(inside.Origin, inside.Bucket), "a/"), isUnknown: false, dropSlices: true, default);
        Assert.NotNull(result);
        Assert.Equal(replicas[1..].Select(replica => replica.Name).Order(), result.Acknowledged.Order());
        Assert.Equal(2, result.Objects);
        foreach (TestReplica replica in replicas)
        {
            Assert.True(replica.Membership.IsPurgedSince(inside, before));
            Assert.False(replica.Membership.IsPurgedSince(outside, before));
            Assert.Equal(replica == replicas[0], replica.Served(inside) is not null);
            Assert.NotNull(replica.Served(outside));
        }

        await using RedisConnections redis = Connect(server);
        await using TestReplica late = new(redis, Options, TimeProvider.System);
        await late.StartAsync();
        await UntilAsync(() => late.Membership.IsHearing, "it hears");
        Assert.True(late.Membership.IsPurgedSince(inside, before));
        Assert.False(late.Membership.IsPurgedSince(outside, before));
    });

    private static RedisConnections Connect(RedisServer server) => new(
        new RedisConfiguration { Endpoints = [new RedisEndpoint("127.0.0.1", server.Port)] },
        new RedisMetrics(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>()),
        TimeProvider.System,
        NullLogger.Instance);

    private static async Task BreakAsync(RedisServer server, Random random, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            await server.DropClientsAsync("pubsub");
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(20, 1_500)), TimeProvider.System, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task UntilAsync(Func<bool> condition, string what)
    {
        long began = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Limit, $"It never came to this: {what}.");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }

    private async Task RunAsync(Func<RedisServer, TestReplica[], Task> test)
    {
        if (RedisServer.FindMissing() is { } missing)
        {
            output.WriteLine(missing);
            return;
        }

        await using RedisServer server = await RedisServer.StartAsync();
        List<RedisConnections> connections = [];
        List<TestReplica> replicas = [];
        try
        {
            for (int i = 0; i < 3; i++)
            {
                connections.Add(Connect(server));
                replicas.Add(new TestReplica(connections[i], Options, TimeProvider.System));
                await replicas[i].StartAsync();
            }

            await UntilAsync(() => replicas.All(replica => replica.Membership.IsHearing), "all hear");
            await test(server, [.. replicas]);
        }
        finally
        {
            foreach (TestReplica replica in replicas)
            {
                await replica.DisposeAsync();
            }

            foreach (RedisConnections redis in connections)
            {
                await redis.DisposeAsync();
            }
        }
    }
}
