using S3Proxy.Configuration;
using S3Proxy.Testing.Integrity;
using S3Proxy.Testing.Origin;

namespace S3Proxy.FunctionalTests.Fleet;

/// <summary>Requirements W1, W8, C6: what becomes of those who follow a run, whatever happens to it, to Redis, or to one of them.</summary>
public sealed class FleetRunTests
{
    private const int MiB = 1 << 20;

    /// <summary>Long before anybody's patience with a replica that brings nothing is over.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_run_that_one_replica_follows_no_longer_is_still_followed_by_the_next()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        SyntheticContent content = fleet.Origin.PutSynthetic(TestProxy.Bucket, "file", 6 * MiB, 1);
        OriginGate gate = new();
        fleet.Origin.Faults.Add(RequestMatch.AnyGet.First(1), new FaultEffects { HoldInBody = new BodyHold(gate, MiB + 5) });
        using HttpResponseMessage led = await Reads.OpenAsync(fleet[0], "file");
        await gate.ArrivedAsync(1);
        using (HttpResponseMessage followed = await Reads.OpenAsync(fleet[1], "file"))
        {
            await using Stream body = await followed.Content.ReadAsStreamAsync();
            await body.ReadExactlyAsync(new byte[MiB]);
        }

        await fleet[1].AssertAllBackAsync();
        using HttpResponseMessage next = await Reads.OpenAsync(fleet[2], "file");
        await using Stream rest = await next.Content.ReadAsStreamAsync();
        await rest.ReadExactlyAsync(new byte[MiB]);
        gate.Release();

        await rest.ReadExactlyAsync(new byte[5 * MiB]);
        Assert.Equal("MISS", await Reads.RestAsync(led, content));
        Assert.Equal(1, fleet.Origin.Traffic.GetCount);
    }

    [Fact]
    public async Task What_a_follower_has_left_behind_is_kept_for_all()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        SyntheticContent content = fleet.Origin.PutSynthetic(TestProxy.Bucket, "file", 24 * MiB, 1);
        OriginGate gate = new();
        fleet.Origin.Faults.Add(RequestMatch.AnyGet.First(1), new FaultEffects { HoldInBody = new BodyHold(gate, 20 * MiB) });
        using HttpResponseMessage led = await Reads.OpenAsync(fleet[0], "file");
        await using Stream body = await led.Content.ReadAsStreamAsync();
        using (SteppedReader slow = await SteppedReader.OpenAsync(fleet[1], "file", content, 64 * 1024))
        {
            await slow.ReadAsync(MiB).WaitAsync(Soon);
            await body.ReadExactlyAsync(new byte[19 * MiB]).AsTask().WaitAsync(Soon);
            await gate.ArrivedAsync(1).WaitAsync(Soon);
        }

        await fleet[1].AssertAllBackAsync();
        gate.Release();
        await body.ReadExactlyAsync(new byte[5 * MiB]).AsTask().WaitAsync(Soon);
        await WhenNoRunIsLeftAsync(fleet);
        await Reads.WholeAsync(fleet[2], "file", content);
        Assert.Equal(content.Length, fleet.Origin.Traffic.BodyBytesSent);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Slices_that_the_write_behind_has_dropped_do_not_hold_followers_up(bool push)
    {
        await using TestFleet fleet = await TestFleet.StartAsync(push: push, redisSide: redis => redis with { WriteBehindBytes = 1 });
        SyntheticContent content = fleet.Origin.PutSynthetic(TestProxy.Bucket, "file", 6 * MiB, 1);
        OriginGate gate = new();
        fleet.Origin.Faults.Add(RequestMatch.AnyGet.First(1), new FaultEffects { HoldInBody = new BodyHold(gate, (3 * MiB) + 5) });
        using HttpResponseMessage led = await Reads.OpenAsync(fleet[0], "file");
        await using Stream lead = await led.Content.ReadAsStreamAsync();
        await lead.ReadExactlyAsync(new byte[3 * MiB]);
        await gate.ArrivedAsync(1);

        using HttpResponseMessage followed = await Reads.OpenAsync(fleet[1], "file");
        await using Stream body = await followed.Content.ReadAsStreamAsync();
        await body.ReadExactlyAsync(new byte[3 * MiB]).AsTask().WaitAsync(Soon);
        gate.Release();

        await body.ReadExactlyAsync(new byte[3 * MiB]).AsTask().WaitAsync(Soon);
        await lead.ReadExactlyAsync(new byte[3 * MiB]);

        // Without push a replica cannot be told what was dropped, and asks.
        Assert.Equal(push ? 1 : 2, fleet.Origin.Traffic.GetCount);
    }

    [Fact]
    public async Task Who_follows_a_run_that_turns_out_corrupt_does_not_end_cleanly_and_keeps_nothing()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        SyntheticContent content = fleet.Origin.PutSynthetic(TestProxy.Bucket, "file", 4 * MiB, 1);
        OriginGate gate = new();
        fleet.Origin.Faults.Add(RequestMatch.AnyGet.First(1), new FaultEffects
        {
            CorruptByteAt = MiB + 5,
            HoldInBody = new BodyHold(gate, (3 * MiB) + 5),
            Headers = new Dictionary<string, string> { ["x-amz-checksum-crc32c"] = "AAAAAA==" },
        });
        using HttpResponseMessage led = await Reads.OpenAsync(fleet[0], "file");
        await gate.ArrivedAsync(1);

        // No whole object: this replica cannot find out by itself.
        using HttpResponseMessage followed = await Reads.OpenAsync(fleet[1], "file", MiB, (4 * MiB) - 1);
        await using Stream body = await followed.Content.ReadAsStreamAsync();
        await body.ReadExactlyAsync(new byte[2 * MiB]);
        gate.Release();

        Exception? end = await Record.ExceptionAsync(() => body.ReadExactlyAsync(new byte[MiB]).AsTask());
        Assert.True(end is HttpIOException or IOException or HttpRequestException, "The follower's response came to a clean end.");
        Assert.NotNull(await Record.ExceptionAsync(() => led.Content.ReadAsByteArrayAsync()));
        await fleet[0].AssertAllBackAsync();
        foreach (TestProxy replica in fleet.Replicas)
        {
            await Reads.RangeAsync(replica, "file", content, MiB, (3 * MiB) - 1);
            await Reads.WholeAsync(replica, "file", content);
        }
    }

    [Fact]
    public async Task A_lease_that_was_left_behind_does_not_keep_replicas_from_sharing()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        SyntheticContent content = fleet.Origin.PutSynthetic(TestProxy.Bucket, "file", 4 * MiB, 1);
        OriginGate gate = new();
        fleet.Origin.Faults.Add(RequestMatch.AnyGet.First(1), new FaultEffects { HoldInBody = new BodyHold(gate, MiB) });
        Task<string> led = Reads.WholeAsync(fleet[0], "file", content);
        await gate.ArrivedAsync(1);
        await WhenAsync(fleet, CountRuns, 1L);
        await RunAsync(fleet, "for _, k in ipairs(redis.call('KEYS', '*:o:*')) do redis.call('COPY', k, 'saved') redis.call('SET', 'name', k) end");
        gate.Release();
        await led;
        await WhenNoRunIsLeftAsync(fleet);

        // As after a release that Redis did not get.
        await RunAsync(fleet, """
            local f = redis.call('HGETALL', 'saved')
            for i = 1, #f, 2 do if string.sub(f[i], 1, 2) == 'r:' then redis.call('HSET', redis.call('GET', 'name'), f[i], f[i + 1]) end end
            for _, k in ipairs(redis.call('KEYS', '*:s:*')) do redis.call('DEL', k) end
            """);
        OriginGate second = new();
        fleet.Origin.Faults.Add(RequestMatch.AnyGet.First(10), new FaultEffects { HoldBeforeHeaders = second });
        Task<string>[] reads = [Reads.WholeAsync(fleet[1], "file", content), Reads.WholeAsync(fleet[2], "file", content)];
        await second.ArrivedAsync(1);
        object? runs = await RunAsync(fleet, CountRuns);
        second.Release();

        await Task.WhenAll(reads).WaitAsync(Soon);
        Assert.Equal(1L, runs);
        Assert.Equal(2, fleet.Origin.Traffic.GetCount);
    }

    [Fact]
    public async Task Who_waits_for_a_head_is_not_held_up_by_a_get_that_began_after_it()
    {
        TestProxyOptions options = new() { Waking = new WakingConfiguration { FallbackInterval = TimeSpan.FromMinutes(1), MaxWait = TimeSpan.FromMinutes(1) } };
        await using TestFleet fleet = await TestFleet.StartAsync(options: options);
        SyntheticContent content = fleet.Origin.PutSynthetic(TestProxy.Bucket, "file", 2 * MiB, 1);
        OriginGate get = new();
        OriginGate head = new();
        fleet.Origin.Faults.Add(RequestMatch.AnyGet, new FaultEffects { HoldBeforeHeaders = get });
        fleet.Origin.Faults.Add(new RequestMatch { Method = "HEAD" }, new FaultEffects { HoldBeforeHeaders = head });
        Task<HttpResponseMessage> led = HeadAsync(fleet[0]);
        await head.ArrivedAsync(1);
        Task<HttpResponseMessage> followed = HeadAsync(fleet[1]);
        await WhenAsync(fleet, "for _, k in ipairs(redis.call('KEYS', '*:o:*')) do return redis.call('HEXISTS', k, 'w') end return 0", 1L);
        Task<string> read = Reads.WholeAsync(fleet[0], "file", content);
        await get.ArrivedAsync(1);
        head.Release();

        (await led).Dispose();
        using HttpResponseMessage answer = await followed.WaitAsync(Soon);
        Assert.Equal(content.Length, answer.Content.Headers.ContentLength);
        get.Release();
        await read;
        Assert.Equal(1, fleet.Origin.Traffic.HeadCount);
    }

    [Fact]
    public async Task A_slice_that_redis_has_lost_does_not_stop_who_follows()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        SyntheticContent content = fleet.Origin.PutSynthetic(TestProxy.Bucket, "file", 8 * MiB, 1);
        OriginGate gate = new();
        fleet.Origin.Faults.Add(RequestMatch.AnyGet.First(1), new FaultEffects { HoldInBody = new BodyHold(gate, MiB + (MiB / 2)) });
        using HttpResponseMessage led = await Reads.OpenAsync(fleet[0], "file");
        Task<string> lead = Reads.RestAsync(led, content);
        await gate.ArrivedAsync(1);
        using HttpResponseMessage followed = await Reads.OpenAsync(fleet[1], "file");
        await using Stream body = await followed.Content.ReadAsStreamAsync();
        await body.ReadExactlyAsync(new byte[MiB + (MiB / 4)]);
        await RunAsync(fleet, "for _, k in ipairs(redis.call('KEYS', '*:s:*')) do redis.call('DEL', k) end");
        gate.Release();

        await body.ReadExactlyAsync(new byte[(6 * MiB) + (3 * (MiB / 4))]).AsTask().WaitAsync(Soon);
        await lead;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_follows_goes_on_without_redis(bool isFlushed)
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        SyntheticContent content = fleet.Origin.PutSynthetic(TestProxy.Bucket, "file", 6 * MiB, 1);
        OriginGate gate = new();
        fleet.Origin.Faults.Add(RequestMatch.AnyGet.First(1), new FaultEffects { HoldInBody = new BodyHold(gate, MiB + 5) });
        using HttpResponseMessage led = await Reads.OpenAsync(fleet[0], "file");
        Task<string> lead = Reads.RestAsync(led, content);
        await gate.ArrivedAsync(1);
        using HttpResponseMessage followed = await Reads.OpenAsync(fleet[1], "file");
        await using Stream body = await followed.Content.ReadAsStreamAsync();
        IntegrityStream sink = new(content, 0, content.Length);
        byte[] half = new byte[MiB];
        await body.ReadExactlyAsync(half);
        await sink.WriteAsync(half);
        if (isFlushed)
        {
            await fleet.Redis.FlushAllAsync();
        }
        else
        {
            fleet.Redis.Pause();
        }

        gate.Release();
        try
        {
            byte[] rest = new byte[5 * MiB];
            await body.ReadExactlyAsync(rest).AsTask().WaitAsync(Soon);
            await sink.WriteAsync(rest);
            await lead.WaitAsync(Soon);
        }
        finally
        {
            fleet.Redis.Resume();
        }

        Assert.True(sink.Result.IsExact, sink.Result.ToString());
    }

    [Fact]
    public async Task Nobody_waits_for_a_lease_that_its_replica_was_not_told_of()
    {
        await using TestFleet fleet = await TestFleet.StartAsync(redisSide: redis => redis with { Timeout = TimeSpan.FromMilliseconds(300) });
        SyntheticContent content = fleet.Origin.PutSynthetic(TestProxy.Bucket, "file", MiB, 1);
        fleet.Redis.Pause();
        string led = await Reads.WholeAsync(fleet[0], "file", content).WaitAsync(Soon);
        fleet.Redis.Resume();

        Assert.Equal("MISS", led);
        await Reads.WholeAsync(fleet[1], "file", content).WaitAsync(Soon);
    }

    private const string CountRuns = """
        local count = 0
        for _, k in ipairs(redis.call('KEYS', '*:o:*')) do
          for _, name in ipairs(redis.call('HKEYS', k)) do if string.sub(name, 1, 2) == 'r:' then count = count + 1 end end
        end
        return count
        """;

    private static async Task<HttpResponseMessage> HeadAsync(TestProxy replica)
    {
        using HttpRequestMessage message = new(HttpMethod.Head, $"/{TestProxy.Bucket}/file");
        return await replica.Client.SendAsync(message);
    }

    private static Task<object?> RunAsync(TestFleet fleet, string script) => fleet.Redis.CommandAsync("EVAL", script, "0");

    private static Task WhenNoRunIsLeftAsync(TestFleet fleet) => WhenAsync(fleet, CountRuns, 0L);

    private static async Task WhenAsync(TestFleet fleet, string script, long value)
    {
        using CancellationTokenSource limit = new(Soon);
        while (!Equals(await RunAsync(fleet, script), value))
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }
}
