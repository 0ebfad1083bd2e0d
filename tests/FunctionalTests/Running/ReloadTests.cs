using System.Net;
using System.Text;
using System.Text.Json;
using S3Proxy.Configuration;
using S3Proxy.Testing;
using S3Proxy.Testing.Integrity;
using S3Proxy.Testing.Origin;

namespace S3Proxy.FunctionalTests.Running;

/// <summary>A configuration is taken over as a whole while requests run, or not at all (requirement O1).</summary>
public sealed class ReloadTests
{
    [Fact]
    public async Task A_bad_configuration_changes_nothing_and_is_told_with_every_error_and_its_place()
    {
        await using FileProxy proxy = await FileProxy.StartAsync(FileConfigurations.WithKeys("A", "B"));
        proxy.Origin.PutSynthetic(TestProxy.Bucket, "o", 1000, 1);
        using SignedClient removed = proxy.NewSigned("B", "B-secret");
        S3Proxy.Reloading.ProxySnapshot before = proxy.Current.Value;
        string bad = FileConfigurations.WithKeys("A").Replace("origin: main", "origin: mian", StringComparison.Ordinal).Replace("immutable", "imutable", StringComparison.Ordinal);

        (int status, JsonElement report) = await proxy.ReloadAsync(bad);

        Assert.Equal(400, status);
        Assert.Equal("refused", report.GetProperty("result").GetString());
        Assert.Equal(
            [("buckets.*.origin", 3), ("cache.default.mode", 5)],
            report.GetProperty("errors").EnumerateArray().Select(error => (error.GetProperty("path").GetString()!, error.GetProperty("line").GetInt32())));
        Assert.DoesNotContain("A-secret", report.ToString(), StringComparison.Ordinal);
        Assert.Same(before, proxy.Current.Value);
        Assert.Equal(1000, (await removed.ReadAsync("o")).Length);
        Assert.Contains("s3proxy_config_reloads_total{result=\"refused\"} 1", await proxy.MetricsAsync("s3proxy_config_reloads_total"));
        Assert.Equal(["s3proxy_config_last_reload_successful 0"], await proxy.MetricsAsync("s3proxy_config_last_reload_successful"));
        Assert.Single(await proxy.MetricsAsync("s3proxy_config_last_reload_success_timestamp_seconds "));

        Assert.Equal("unchanged", (await proxy.ReloadAsync(FileConfigurations.WithKeys("A", "B"))).Report.GetProperty("result").GetString());
        Assert.Equal(["s3proxy_config_last_reload_successful 1"], await proxy.MetricsAsync("s3proxy_config_last_reload_successful"));
    }

    [Theory]
    [InlineData("size: 64MiB", "size: 32MiB", "cache.memory.size", "has changed")]
    [InlineData("interval: 0s", "interval: 1m", "reload.interval", "has changed")]
    [InlineData("cache: {", "accessLog: { format: common }\ncache: {", "accessLog.format", "was added")]
    [InlineData("cache: {", "telemetry: { otlp: { endpoint: \"http://127.0.0.1:4317\" } }\ncache: {", "telemetry.otlp", "was added")]
    [InlineData("cache: {", "cache: { sliceSize: 512KiB,", "cache.sliceSize", "was added")]
    [InlineData("cache: {", "cache: { redis: { connection: \"127.0.0.1:6379\" },", "cache.redis", "was added")]
    public async Task What_needs_a_restart_refuses_the_whole_file(string original, string replacement, string path, string message)
    {
        await using FileProxy proxy = await FileProxy.StartAsync(FileConfigurations.WithKeys("A", "B"));
        proxy.Origin.PutSynthetic(TestProxy.Bucket, "o", 1000, 1);
        using SignedClient removed = proxy.NewSigned("B", "B-secret");

        (int status, JsonElement report) = await proxy.ReloadAsync(FileConfigurations.WithKeys("A").Replace(original, replacement, StringComparison.Ordinal));

        Assert.Equal(400, status);
        JsonElement error = Assert.Single(report.GetProperty("errors").EnumerateArray());
        Assert.Equal(path, error.GetProperty("path").GetString());
        Assert.True(error.GetProperty("line").GetInt32() >= 5);
        Assert.Contains($"{message}, which needs a restart", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(1000, (await removed.ReadAsync("o")).Length);
    }

    [Fact]
    public async Task A_bucket_that_is_mapped_elsewhere_is_never_answered_from_what_was_cached_of_the_former_place()
    {
        await using FileProxy proxy = await FileProxy.StartAsync(FileConfigurations.Open);
        proxy.Origin.CreateBucket("other");
        Put(proxy.Origin, TestProxy.Bucket, "k", "first");
        Put(proxy.Origin, "other", "k", "second");
        Put(proxy.Origin, "other", "p/k", "third");
        Assert.Equal("first", await proxy.TextAsync("k"));
        foreach ((string entry, string expected) in new[]
        {
            ("models: { origin: main, bucket: other }", "second"), ("models: { origin: main, bucket: other, prefix: p/ }", "third"), ("models: { origin: main }", "first"),
        })
        {
            Assert.Equal(200, (await proxy.ReloadAsync(FileConfigurations.Open.Replace("\"*\": { origin: main }", entry, StringComparison.Ordinal))).Status);
            Assert.Equal(expected, await proxy.TextAsync("k"));
            Assert.Equal("NotFound", await proxy.TextAsync("k", "elsewhere"));
        }
    }

    [Fact]
    public async Task An_origin_that_points_elsewhere_is_asked_anew_and_who_reads_ends_with_what_he_began()
    {
        await using FileProxy proxy = await FileProxy.StartAsync(FileConfigurations.Open);
        await using EmbeddedOrigin elsewhere = await TestProxy.StartOriginAsync(new TestProxyOptions());
        SyntheticContent here = proxy.Origin.PutSynthetic(TestProxy.Bucket, "big", 24 * Reads.MiB, 1);
        SyntheticContent there = elsewhere.PutSynthetic(TestProxy.Bucket, "big", 24 * Reads.MiB, 2);
        Put(proxy.Origin, TestProxy.Bucket, "k", "here");
        Put(elsewhere, TestProxy.Bucket, "k", "there");
        Assert.Equal("here", await proxy.TextAsync("k"));
        proxy.Origin.BytesPerSecond = 32 * Reads.MiB;
        using HttpResponseMessage running = await proxy.Client.GetAsync(new Uri(proxy.Data, "/models/big"), HttpCompletionOption.ResponseHeadersRead);

        string moved = FileConfigurations.Open.Replace("THE-PLACE", elsewhere.Endpoint.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal);
        Assert.Equal(200, (await proxy.ReloadAsync(moved)).Status);

        Assert.Equal("there", await proxy.TextAsync("k"));
        using HttpResponseMessage anew = await proxy.Client.GetAsync(new Uri(proxy.Data, "/models/big"), HttpCompletionOption.ResponseHeadersRead);
        await Task.WhenAll(Reads.RestAsync(running, here), Reads.RestAsync(anew, there));

        // And back: what was cached of the former place is asked about, and still true.
        Assert.Equal(200, (await proxy.ReloadAsync(FileConfigurations.Open)).Status);
        Assert.Equal("here", await proxy.TextAsync("k"));
        Assert.Equal("here", await proxy.TextAsync("k"));
    }

    [Fact]
    public async Task An_origin_that_says_that_it_is_the_same_place_keeps_its_cache()
    {
        string named = FileConfigurations.Open.Replace("endpoints:", "identity: place-1, endpoints:", StringComparison.Ordinal);
        await using FileProxy proxy = await FileProxy.StartAsync(named);
        Put(proxy.Origin, TestProxy.Bucket, "k", "here");
        Assert.Equal("here", await proxy.TextAsync("k"));
        await proxy.Origin.StopListeningAsync();

        Assert.Equal(200, (await proxy.ReloadAsync(named.Replace("THE-PLACE", "http://127.0.0.1:1", StringComparison.Ordinal))).Status);

        Assert.Equal("here", await proxy.TextAsync("k"));
    }

    [Fact]
    public async Task Rules_modes_and_who_may_do_what_follow_the_file()
    {
        await using FileProxy proxy = await FileProxy.StartAsync(FileConfigurations.Open);
        Put(proxy.Origin, TestProxy.Bucket, "k", "one");
        Assert.Equal("one", await proxy.TextAsync("k"));
        Put(proxy.Origin, TestProxy.Bucket, "k", "two");
        Assert.Equal("one", await proxy.TextAsync("k"));

        string next = FileConfigurations.Open.Replace("{ origin: main }", "{ origin: main, cache: { mode: revalidate }, coalescing: { mode: off } }", StringComparison.Ordinal);
        (int status, JsonElement report) = await proxy.ReloadAsync(next);

        Assert.Equal(200, status);
        Assert.Equal(
            ["buckets.*.cache.mode", "buckets.*.coalescing.mode"],
            report.GetProperty("changes").EnumerateArray().Select(change => change.GetProperty("path").GetString()!).Order(StringComparer.Ordinal));
        Assert.Equal("two", await proxy.TextAsync("k"));
        Assert.Equal(CoalescingMode.Off, proxy.Current.Configuration.DefaultBucket!.Coalescing);

        Assert.Equal(200, (await proxy.ReloadAsync(FileConfigurations.WithKeys("A"))).Status);
        Assert.Equal(nameof(HttpStatusCode.Forbidden), await proxy.TextAsync("k"));
        Assert.Equal(200, (await proxy.ReloadAsync(FileConfigurations.Open)).Status);
        Assert.Equal("two", await proxy.TextAsync("k"));
    }

    [Fact]
    public async Task What_is_explained_and_to_whom_follows_the_file()
    {
        string all = FileConfigurations.Open + "telemetry: { trail: all }\n";
        await using FileProxy proxy = await FileProxy.StartAsync(FileConfigurations.Open);
        Put(proxy.Origin, TestProxy.Bucket, "k", "one");
        Assert.Equal("one", await proxy.TextAsync("k"));
        Assert.Equal("immutable", await RuleAsync());
        Assert.Equal("", await TrailAsync());

        (int status, JsonElement report) = await proxy.ReloadAsync(all.Replace("mode: immutable", "mode: revalidate", StringComparison.Ordinal));

        Assert.Equal(200, status);
        Assert.Equal(["cache.default.mode", "telemetry.trail"], report.GetProperty("changes").EnumerateArray().Select(change => change.GetProperty("path").GetString()!));
        Assert.Equal("revalidate", await RuleAsync());
        Assert.Contains("mode=revalidate", await TrailAsync(), StringComparison.Ordinal);

        async Task<string?> RuleAsync()
        {
            using JsonDocument told = JsonDocument.Parse(await proxy.Client.GetStringAsync(new Uri(proxy.Admin, $"/admin/explain?bucket={TestProxy.Bucket}&key=k")));
            Assert.Equal(1, told.RootElement.GetProperty("memory").GetProperty("slices").GetInt32());
            return told.RootElement.GetProperty("rule").GetProperty("mode").GetString();
        }

        async Task<string> TrailAsync()
        {
            using HttpRequestMessage request = new(HttpMethod.Get, new Uri(proxy.Data, $"/{TestProxy.Bucket}/k"));
            request.Headers.Add("x-s3proxy-explain", "1");
            using HttpResponseMessage response = await proxy.Client.SendAsync(request);
            return response.Headers.TryGetValues("x-s3proxy-trail", out IEnumerable<string>? trail) ? string.Concat(trail) : "";
        }
    }

    [Fact]
    public async Task A_volume_that_swaps_its_links_is_noticed_and_a_bad_file_is_read_once_and_left_until_it_is_another()
    {
        ManualTimeProvider time = new(TimeProvider.System.GetUtcNow());
        TimeSpan interval = TimeSpan.FromSeconds(5);
        await using FileProxy proxy = await FileProxy.StartAsync(FileConfigurations.Open.Replace("interval: 0s", "interval: 5s", StringComparison.Ordinal), timeProvider: time);
        Put(proxy.Origin, TestProxy.Bucket, "k", "one");
        string file = Path.Combine(proxy.Directory.FullName, "s3proxy.yaml");
        string good = await File.ReadAllTextAsync(file);
        LinkTo("first", good);
        Assert.Equal("one", await proxy.TextAsync("k"));

        LinkTo("second", good.Replace("{ origin: main }", "{ origin: main, cache: { mode: bypass } }", StringComparison.Ordinal));
        await UntilLookedAsync(() => Task.FromResult(proxy.Current.Configuration.DefaultBucket!.Cache.Mode == CacheMode.Bypass));

        LinkTo("third", good.Replace("origin: main", "origin: none", StringComparison.Ordinal));
        await UntilLookedAsync(async () => (await proxy.MetricsAsync("s3proxy_config_last_reload_successful"))[0].EndsWith(" 0", StringComparison.Ordinal));
        for (int i = 0; i < 10; i++)
        {
            time.Advance(interval);
        }

        Assert.Equal(CacheMode.Bypass, proxy.Current.Configuration.DefaultBucket!.Cache.Mode);

        LinkTo("fourth", good);
        await UntilLookedAsync(() => Task.FromResult(proxy.Current.Configuration.DefaultBucket!.Cache.Mode == CacheMode.Immutable));
        Assert.Contains("s3proxy_config_reloads_total{result=\"refused\"} 1", await proxy.MetricsAsync("s3proxy_config_reloads_total"));

        Task UntilLookedAsync(Func<Task<bool>> isSo) => FileProxy.UntilAsync(() =>
        {
            time.Advance(interval);
            return isSo();
        });

        void LinkTo(string name, string text)
        {
            DirectoryInfo version = proxy.Directory.CreateSubdirectory(name);
            File.WriteAllText(Path.Combine(version.FullName, "s3proxy.yaml"), text);
            string fresh = Path.Combine(proxy.Directory.FullName, "fresh-" + name);
            File.CreateSymbolicLink(fresh, Path.Combine(name, "s3proxy.yaml"));
            File.Move(fresh, file, overwrite: true);
        }
    }

    private static void Put(EmbeddedOrigin origin, string bucket, string key, string text) => origin.PutObject(bucket, key, Encoding.UTF8.GetBytes(text));
}
