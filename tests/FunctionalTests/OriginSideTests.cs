using S3Proxy.Configuration;
using S3Proxy.Fetching;
using S3Proxy.Testing.Integrity;
using S3Proxy.Testing.Origin;

namespace S3Proxy.FunctionalTests;

/// <summary>Requirements R1 and B5 on real sockets: turns at the origin, what is asked again, and what the client hears when nothing helps.</summary>
public sealed class OriginSideTests
{
    private const int Bytes = 1000;

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task An_answer_that_may_pass_is_asked_for_once_more(int status)
    {
        await using TestProxy proxy = await TestProxy.StartAsync();
        SyntheticContent content = proxy.Origin.PutSynthetic(TestProxy.Bucket, "file", Bytes, 1);
        using FaultRule fault = proxy.Origin.Faults.Add(RequestMatch.Get("file").First(1), new FaultEffects { Status = status });

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Reads.WholeAsync(proxy, "file", content)));

        Assert.Equal(2, proxy.Origin.Traffic.GetCount);
    }

    [Fact]
    public async Task What_does_not_pass_is_told_as_it_is()
    {
        await using TestProxy proxy = await TestProxy.StartAsync();
        proxy.Origin.PutSynthetic(TestProxy.Bucket, "file", Bytes, 1);
        using FaultRule fault = proxy.Origin.Faults.Add(RequestMatch.Get("file"), new FaultEffects { Status = 503 });

        using HttpResponseMessage response = await Reads.OpenAsync(proxy, "file");

        Assert.Equal(503, (int)response.StatusCode);
        Assert.Equal(2, proxy.Origin.Traffic.GetCount);
    }

    [Fact]
    public async Task An_origin_that_wants_a_long_pause_is_taken_at_its_word()
    {
        await using TestProxy proxy = await TestProxy.StartAsync();
        proxy.Origin.PutSynthetic(TestProxy.Bucket, "file", Bytes, 1);
        using FaultRule fault = proxy.Origin.Faults.Add(
            RequestMatch.Get("file"), new FaultEffects { Status = 503, Headers = new Dictionary<string, string> { ["Retry-After"] = "120" } });

        using HttpResponseMessage response = await Reads.OpenAsync(proxy, "file");

        Assert.Equal(503, (int)response.StatusCode);
        Assert.Equal(1, proxy.Origin.Traffic.GetCount);
    }

    [Fact]
    public async Task An_origin_that_asks_for_less_gets_less()
    {
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions
        {
            OriginSide = origin => origin with { Concurrency = new OriginConcurrency { Max = 40, Min = 2 } },
        });
        proxy.Origin.PutSynthetic(TestProxy.Bucket, "file", Bytes, 1);
        using FaultRule fault = proxy.Origin.Faults.Add(RequestMatch.Get("file"), new FaultEffects { Status = 503 });
        Assert.Equal(40, proxy.Slots.Limit);

        using HttpResponseMessage response = await Reads.OpenAsync(proxy, "file");

        Assert.InRange(proxy.Slots.Limit, 10, 20);
    }

    [Fact]
    public async Task No_more_requests_than_slots_are_open_and_all_are_answered()
    {
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions
        {
            OriginSide = origin => origin with { Concurrency = new OriginConcurrency { Max = 3, Min = 1, IsAdaptive = false } },
        });
        SyntheticContent[] contents = [.. Enumerable.Range(0, 40).Select(i => proxy.Origin.PutSynthetic(TestProxy.Bucket, $"file{i}", Bytes, (ulong)i))];
        OriginGate gate = new();
        using FaultRule hold = proxy.Origin.Faults.Add(RequestMatch.AnyGet, new FaultEffects { HoldBeforeHeaders = gate });

        Task<string>[] readers = [.. contents.Select((content, i) => Reads.WholeAsync(proxy, $"file{i}", content))];
        await gate.ArrivedAsync(3);
        await WaitingAsync(proxy, 37);
        gate.Release();
        await Task.WhenAll(readers);

        Assert.Equal(3, proxy.Origin.Traffic.MaxConcurrent);
        Assert.Equal(40, proxy.Origin.Traffic.GetCount);
    }

    [Fact]
    public async Task A_greedy_client_does_not_keep_a_polite_one_waiting()
    {
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions
        {
            Auth = AuthMode.SigV4,
            Keys = [Key("GREEDY"), Key("POLITE")],
            OriginSide = origin => origin with { Concurrency = new OriginConcurrency { Max = 1, Min = 1 } },
        });
        for (int i = 0; i < 60; i++)
        {
            proxy.Origin.PutSynthetic(TestProxy.Bucket, $"file{i}", Bytes, (ulong)i);
        }

        using SignedClient greedy = new(proxy.Data, "GREEDY", TestProxy.ClientSecret);
        using SignedClient polite = new(proxy.Data, "POLITE", TestProxy.ClientSecret);
        OriginGate gate = new();
        using FaultRule hold = proxy.Origin.Faults.Add(RequestMatch.AnyGet, new FaultEffects { HoldBeforeHeaders = gate });
        Task<HttpResponseMessage>[] many = [.. Enumerable.Range(0, 50).Select(i => greedy.GetAsync($"file{i}"))];
        await gate.ArrivedAsync(1);
        await WaitingAsync(proxy, 49);
        Task<HttpResponseMessage> one = polite.GetAsync("file55");
        await WaitingAsync(proxy, 50);

        for (int turn = 1; turn <= 3; turn++)
        {
            Assert.True(gate.ReleaseOne());
            await gate.ArrivedAsync(turn + 1);
        }

        using HttpResponseMessage answer = await one;
        Assert.Equal(200, (int)answer.StatusCode);
        Assert.InRange(many.Count(request => request.IsCompleted), 0, 3);
        gate.Release();
        await Task.WhenAll(many);
    }

    [Fact]
    public async Task A_full_line_is_slow_down_at_once_and_a_slot_that_never_comes_after_the_limit()
    {
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions
        {
            OriginSide = origin => origin with { Concurrency = new OriginConcurrency { Max = 1, Min = 1, MaxWaiting = 1, WaitLimit = TimeSpan.FromSeconds(1) } },
        });
        SyntheticContent content = proxy.Origin.PutSynthetic(TestProxy.Bucket, "a", Bytes, 1);
        OriginGate gate = new();
        using FaultRule hold = proxy.Origin.Faults.Add(RequestMatch.Get("a"), new FaultEffects { HoldBeforeHeaders = gate });
        Task<string> inside = Reads.WholeAsync(proxy, "a", content);
        await gate.ArrivedAsync(1);
        Task<HttpResponseMessage> waits = Reads.OpenAsync(proxy, "b");
        await WaitingAsync(proxy, 1);

        using HttpResponseMessage refused = await Reads.OpenAsync(proxy, "c");
        using HttpResponseMessage tooLate = await waits;

        Assert.Equal((503, 503), ((int)refused.StatusCode, (int)tooLate.StatusCode));
        Assert.Contains("<Code>SlowDown</Code>", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("<Code>SlowDown</Code>", await tooLate.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        gate.Release();
        await inside;
    }

    [Fact]
    public async Task A_waiter_that_leaves_costs_the_origin_nothing()
    {
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions
        {
            OriginSide = origin => origin with { Concurrency = new OriginConcurrency { Max = 1, Min = 1 } },
        });
        SyntheticContent content = proxy.Origin.PutSynthetic(TestProxy.Bucket, "a", Bytes, 1);
        proxy.Origin.PutSynthetic(TestProxy.Bucket, "b", Bytes, 2);
        OriginGate gate = new();
        using FaultRule hold = proxy.Origin.Faults.Add(RequestMatch.Get("a"), new FaultEffects { HoldBeforeHeaders = gate });
        Task<string> inside = Reads.WholeAsync(proxy, "a", content);
        await gate.ArrivedAsync(1);
        using CancellationTokenSource leaver = new();
        Task<HttpResponseMessage> waits = proxy.Client.GetAsync($"/{TestProxy.Bucket}/b", leaver.Token);
        await WaitingAsync(proxy, 1);

        await leaver.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waits);
        await WaitingAsync(proxy, 0);
        gate.Release();
        await inside;

        Assert.Equal(1, proxy.Origin.Traffic.GetCount);
    }

    [Fact]
    public async Task A_late_first_byte_is_hedged_and_the_extra_request_is_bounded()
    {
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions
        {
            // On a busy machine many requests are late: a limit that follows their times could leave no slot for the extra request, and a smaller share nothing of its budget.
            OriginSide = origin => origin with
            {
                Hedging = new OriginHedging { IsEnabled = true, MaxExtraShare = 1 },
                Concurrency = origin.Concurrency with { IsAdaptive = false },
            },
        });
        for (int i = 0; i < 150; i++)
        {
            SyntheticContent each = proxy.Origin.PutSynthetic(TestProxy.Bucket, $"warm{i}", Bytes, (ulong)i);
            await Reads.WholeAsync(proxy, $"warm{i}", each);
        }

        long before = proxy.Origin.Traffic.GetCount;
        Assert.InRange(before, 150, 300);
        SyntheticContent content = proxy.Origin.PutSynthetic(TestProxy.Bucket, "slow", Bytes, 1);
        OriginGate gate = new();
        using FaultRule hold = proxy.Origin.Faults.Add(RequestMatch.Get("slow").First(1), new FaultEffects { HoldBeforeHeaders = gate });

        await Reads.WholeAsync(proxy, "slow", content);

        Assert.Equal(before + 2, proxy.Origin.Traffic.GetCount);
        gate.Release();
    }

    [Fact]
    public async Task An_endpoint_that_fails_is_left_for_the_other()
    {
        await using EmbeddedOrigin other = await EmbeddedOrigin.StartAsync(new EmbeddedOriginOptions { Credentials = [new OriginCredential("OTHER", "unused")] });
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions { MoreEndpoints = [other.Endpoint] });
        SyntheticContent[] contents = [.. Enumerable.Range(0, 20).Select(i => proxy.Origin.PutSynthetic(TestProxy.Bucket, $"file{i}", Bytes, (ulong)i))];
        using FaultRule fault = other.Faults.Add(RequestMatch.Any, new FaultEffects { Status = 502 });

        for (int i = 0; i < contents.Length; i++)
        {
            await Reads.WholeAsync(proxy, $"file{i}", contents[i]);
        }

        Assert.Equal(20, proxy.Origin.Traffic.GetCount);
        Assert.InRange(other.Traffic.GetCount, 1, 20);
    }

    private static ClientKey Key(string id) => new()
    {
        AccessKeyId = id,
        SecretAccessKey = TestProxy.ClientSecret,
        Grants = [new Grant { Bucket = "*", Actions = S3Proxy.Protocol.S3Actions.Read }],
    };

    private static async Task WaitingAsync(TestProxy proxy, int count)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        while (proxy.Slots.Waiting(FetchClass.Demand) != count)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, limit.Token);
        }
    }
}
