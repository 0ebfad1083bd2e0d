using S3Proxy.Configuration;
using S3Proxy.Protocol.Checksums;
using S3Proxy.Testing;
using S3Proxy.Testing.Integrity;
using S3Proxy.Testing.Origin;

namespace S3Proxy.FunctionalTests;

/// <summary>Requirement C5 over real sockets, with the proxy's clock in the test's hand.</summary>
public sealed class FreshnessTests
{
    private static readonly CacheRule Ttl = new() { Mode = CacheMode.Ttl, Ttl = TimeSpan.FromSeconds(60) };

    private readonly ManualTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    [Fact]
    public async Task Fifty_readers_of_a_stale_object_wait_for_nobody_and_cost_one_refresh()
    {
        await using TestProxy proxy = await StartAsync(Ttl with { StaleWhileRevalidate = TimeSpan.FromSeconds(30) });
        SyntheticContent content = proxy.Origin.PutSynthetic(TestProxy.Bucket, "file", 2 * Reads.MiB, 1);
        await Reads.WholeAsync(proxy, "file", content);
        _time.Advance(TimeSpan.FromSeconds(61));
        OriginGate gate = new();
        proxy.Origin.Faults.Add(RequestMatch.Any, new FaultEffects { HoldBeforeHeaders = gate });

        string[] outcomes = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Reads.WholeAsync(proxy, "file", content)));
        Assert.All(outcomes, outcome => Assert.Equal("STALE", outcome));
        await gate.ArrivedAsync(1);
        gate.Release();
        await proxy.Origin.Traffic.WaitForIdleAsync();
        await IdleAsync(proxy);

        Assert.Equal((1, 1), (proxy.Origin.Traffic.GetCount, proxy.Origin.Traffic.HeadCount));
        Assert.Equal(content.Length, proxy.Origin.Traffic.BodyBytesSent);
        Assert.Equal("HIT", await Reads.WholeAsync(proxy, "file", content));
    }

    [Fact]
    public async Task A_put_through_the_proxy_ends_stale_answers()
    {
        await using TestProxy proxy = await StartAsync(
            Ttl with { StaleWhileRevalidate = TimeSpan.FromHours(1), StaleIfError = TimeSpan.FromHours(1) }, auth: AuthMode.SigV4);
        using (HttpResponseMessage put = await proxy.Signed.PutAsync("file", "old"u8.ToArray()))
        {
            put.EnsureSuccessStatusCode();
        }

        await proxy.Signed.ReadAsync("file");
        _time.Advance(TimeSpan.FromSeconds(61));
        using (HttpResponseMessage put = await proxy.Signed.PutAsync("file", "new"u8.ToArray()))
        {
            put.EnsureSuccessStatusCode();
        }

        Assert.Equal("new"u8.ToArray(), await proxy.Signed.ReadAsync("file"));
        _time.Advance(TimeSpan.FromSeconds(61));
        proxy.Origin.Faults.Add(RequestMatch.Any, new FaultEffects { Status = 503 });
        Assert.Equal("new"u8.ToArray(), await proxy.Signed.ReadAsync("file"));
    }

    /// <summary>Issue 3: clients of a staleIfError bucket see no error while the origin is dead, others a clear one.</summary>
    [Fact]
    public async Task A_dead_origin_is_stood_in_for_where_the_bucket_says_so()
    {
        // On the real clock, because an origin that refuses connections is tried again after a pause.
        CacheRule rule = new() { Mode = CacheMode.Ttl, Ttl = TimeSpan.Zero };
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions
        {
            Rule = rule,
            Buckets = new Dictionary<string, Func<BucketConfiguration, BucketConfiguration>>
            {
                ["tolerant"] = bucket => bucket with { OriginBucket = TestProxy.Bucket, Cache = rule with { StaleIfError = TimeSpan.FromHours(1) } },
            },
        });
        SyntheticContent content = proxy.Origin.PutSynthetic(TestProxy.Bucket, "file", 2 * Reads.MiB, 1);
        await Reads.WholeAsync(proxy, "file", content);
        await proxy.Origin.StopListeningAsync();

        Assert.Equal((200, "STALE"), await GetAsync(proxy, "tolerant", "file"));
        Assert.Equal((503, ""), await GetAsync(proxy, TestProxy.Bucket, "file"));

        await proxy.Origin.ResumeListeningAsync();
        Assert.Equal((200, "REVALIDATED"), await GetAsync(proxy, "tolerant", "file"));
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    public async Task A_failing_origin_is_stood_in_for(int status)
    {
        await using TestProxy proxy = await StartAsync(Ttl with { StaleIfError = TimeSpan.FromMinutes(5) });
        SyntheticContent content = proxy.Origin.PutSynthetic(TestProxy.Bucket, "file", 2 * Reads.MiB, 1);
        await Reads.WholeAsync(proxy, "file", content);
        _time.Advance(TimeSpan.FromSeconds(61));
        proxy.Origin.Faults.Add(RequestMatch.Any, new FaultEffects { Status = status });

        Assert.Equal("STALE", await Reads.WholeAsync(proxy, "file", content));
    }

    /// <summary>A known fault of the first release: the rule of whoever fetched decided for everybody.</summary>
    [Fact]
    public async Task Two_buckets_on_one_origin_bucket_do_not_share_their_idea_of_freshness()
    {
        await using TestProxy proxy = await StartAsync(Ttl, new Dictionary<string, Func<BucketConfiguration, BucketConfiguration>>
        {
            ["forever"] = bucket => bucket with { OriginBucket = TestProxy.Bucket, Cache = new CacheRule { Mode = CacheMode.Immutable } },
            ["strict"] = bucket => bucket with { OriginBucket = TestProxy.Bucket, Cache = new CacheRule { Mode = CacheMode.Revalidate } },
        });
        proxy.Origin.PutSynthetic(TestProxy.Bucket, "file", Reads.MiB, 1);
        Assert.Equal((200, "MISS"), await GetAsync(proxy, "forever", "file"));
        Assert.Equal((200, "REVALIDATED"), await GetAsync(proxy, "strict", "file"));
        Assert.Equal((200, "HIT"), await GetAsync(proxy, "forever", "file"));
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal((200, "HIT"), await GetAsync(proxy, "forever", "file"));
        Assert.Equal((200, "REVALIDATED"), await GetAsync(proxy, TestProxy.Bucket, "file"));
    }

    [Fact]
    public async Task Jitter_ends_objects_fetched_together_at_different_times()
    {
        await using TestProxy proxy = await StartAsync(Ttl with { TtlJitter = 0.5 });
        SyntheticContent[] contents = [.. Enumerable.Range(0, 40).Select(i => proxy.Origin.PutSynthetic(TestProxy.Bucket, $"file-{i}", 1000, (ulong)i + 1))];
        await ReadAllAsync();
        _time.Advance(TimeSpan.FromSeconds(45));
        string[] outcomes = await ReadAllAsync();

        Assert.InRange(outcomes.Count(outcome => outcome == "HIT"), 5, 35);
        _time.Advance(TimeSpan.FromSeconds(15));
        Assert.All(outcomes.Zip(await ReadAllAsync()), pair => Assert.True(pair.First == "REVALIDATED" || pair.Second == "REVALIDATED"));

        async Task<string[]> ReadAllAsync() => await Task.WhenAll(contents.Select((content, i) => Reads.WholeAsync(proxy, $"file-{i}", content)));
    }

    [Theory]
    [InlineData("max-age=10", 9, "HIT")]
    [InlineData("max-age=10", 10, "REVALIDATED")]
    [InlineData("max-age=10, s-maxage=120", 119, "HIT")]
    [InlineData("no-cache", 0, "REVALIDATED")]
    [InlineData("public", 59, "HIT")]
    [InlineData("public", 60, "REVALIDATED")]
    [InlineData("no-store", 0, "BYPASS")]
    [InlineData("private, max-age=10", 0, "BYPASS")]
    public async Task An_honoured_origin_decides(string cacheControl, int seconds, string outcome)
    {
        await using TestProxy proxy = await StartAsync(Ttl with { HonourOrigin = true });
        SyntheticContent content = proxy.Origin.PutSynthetic(TestProxy.Bucket, "file", 1000, 1, new Dictionary<string, string> { ["Cache-Control"] = cacheControl });
        await Reads.WholeAsync(proxy, "file", content);
        _time.Advance(TimeSpan.FromSeconds(seconds));

        Assert.Equal(outcome, await Reads.WholeAsync(proxy, "file", content));
    }

    [Fact]
    public async Task An_overridden_origin_does_not()
    {
        await using TestProxy proxy = await StartAsync(Ttl);
        SyntheticContent content = proxy.Origin.PutSynthetic(TestProxy.Bucket, "file", 1000, 1, new Dictionary<string, string> { ["Cache-Control"] = "no-store" });
        await Reads.WholeAsync(proxy, "file", content);

        Assert.Equal("HIT", await Reads.WholeAsync(proxy, "file", content));
    }

    /// <summary>nginx-s3-gateway #87, and what a new Cache-Control means from then on.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(600)]
    public async Task A_change_of_the_headers_alone_comes_with_the_revalidation(int staleWhileRevalidateSeconds)
    {
        CacheRule rule = Ttl with { HonourOrigin = true, StaleWhileRevalidate = TimeSpan.FromSeconds(staleWhileRevalidateSeconds) };
        await using TestProxy proxy = await StartAsync(rule);
        SyntheticContent content = proxy.Origin.PutSynthetic(TestProxy.Bucket, "file", 1000, 1, new Dictionary<string, string> { ["x-amz-meta-a"] = "1" });
        await Reads.WholeAsync(proxy, "file", content);
        _time.Advance(TimeSpan.FromSeconds(61));
        proxy.Origin.ReplaceHeaders(TestProxy.Bucket, "file", new Dictionary<string, string> { ["x-amz-meta-b"] = "2", ["Cache-Control"] = "max-age=1000" });
        await Reads.WholeAsync(proxy, "file", content);
        await IdleAsync(proxy);
        _time.Advance(TimeSpan.FromSeconds(999));

        using HttpResponseMessage response = await Reads.OpenAsync(proxy, "file");
        Assert.Equal("HIT", await Reads.RestAsync(response, content));
        Assert.Equal("2", Assert.Single(response.Headers.GetValues("x-amz-meta-b")));
        Assert.False(response.Headers.Contains("x-amz-meta-a"));
        Assert.Equal(1000, proxy.Origin.Traffic.BodyBytesSent);
    }

    [Fact]
    public async Task A_revalidation_keeps_the_checksums()
    {
        byte[] bytes = new byte[1000];
        new SyntheticContent(1000, 1).Fill(0, bytes);
        string checksum = Convert.ToBase64String(ReflectedCrc.Crc32.Compute(bytes));
        await using TestProxy proxy = await StartAsync(Ttl);
        SyntheticContent content = proxy.Origin.PutSynthetic(TestProxy.Bucket, "file", 1000, 1, new Dictionary<string, string> { ["x-amz-checksum-crc32"] = checksum });
        await Reads.WholeAsync(proxy, "file", content);
        _time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal("REVALIDATED", await Reads.WholeAsync(proxy, "file", content));

        using HttpRequestMessage message = new(HttpMethod.Get, $"/{TestProxy.Bucket}/file");
        message.Headers.Add("x-amz-checksum-mode", "ENABLED");
        using HttpResponseMessage response = await proxy.Client.SendAsync(message);
        Assert.Equal("HIT", Reads.OutcomeOf(response));
        Assert.Equal(checksum, Assert.Single(response.Headers.GetValues("x-amz-checksum-crc32")));
    }

    [Fact]
    public async Task A_404_is_remembered_until_a_put_through_the_proxy()
    {
        await using TestProxy proxy = await StartAsync(Ttl with { NegativeTtl = TimeSpan.FromMinutes(1) }, auth: AuthMode.SigV4);
        for (int i = 0; i < 3; i++)
        {
            using HttpResponseMessage missing = await proxy.Signed.GetAsync("late");
            Assert.Equal(404, (int)missing.StatusCode);
        }

        Assert.Equal(1, proxy.Origin.Traffic.GetCount);
        using (HttpResponseMessage put = await proxy.Signed.PutAsync("late", "here"u8.ToArray()))
        {
            put.EnsureSuccessStatusCode();
        }

        Assert.Equal("here"u8.ToArray(), await proxy.Signed.ReadAsync("late"));
    }

    private Task<TestProxy> StartAsync(
        CacheRule rule, IReadOnlyDictionary<string, Func<BucketConfiguration, BucketConfiguration>>? buckets = null, AuthMode auth = AuthMode.Anonymous) =>
        TestProxy.StartAsync(new TestProxyOptions
        {
            Rule = rule,
            ProxyTime = _time,
            OriginSide = origin => origin with { Retry = new OriginRetry { MaxRepeats = 0 } },
            OriginTime = _time,
            Auth = auth,
            Buckets = buckets ?? new Dictionary<string, Func<BucketConfiguration, BucketConfiguration>>(),
        });

    private static async Task<(int Status, string Outcome)> GetAsync(TestProxy proxy, string bucket, string key)
    {
        using HttpResponseMessage response = await proxy.Client.GetAsync($"/{bucket}/{key}");
        await response.Content.ReadAsByteArrayAsync();
        return ((int)response.StatusCode, response.Headers.TryGetValues("x-cache", out IEnumerable<string>? values) ? string.Join(',', values) : "");
    }

    /// <summary>Waits until every fetch is over, those in the background too.</summary>
    private static async Task IdleAsync(TestProxy proxy)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        while ((proxy.Flights.InFlightCount > 0 || proxy.Flights.Refreshes.Active > 0) && !limit.IsCancellationRequested)
        {
            await Task.Yield();
        }

        Assert.Equal(0, proxy.Flights.InFlightCount);
    }
}
