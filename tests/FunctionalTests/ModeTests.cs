using S3Proxy.Configuration;
using S3Proxy.Testing;
using S3Proxy.Testing.Integrity;
using S3Proxy.Testing.Origin;

namespace S3Proxy.FunctionalTests;

/// <summary>Modes of coalescing and of caching, and the memory budget; requirements F10, C5, C7.</summary>
public sealed class ModeTests
{
    [Fact]
    public async Task Buffered_mode_tells_nothing_before_all_is_there_and_fetches_once()
    {
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions { Mode = CoalescingMode.Buffered });
        SyntheticContent content = proxy.Origin.PutSynthetic(TestProxy.Bucket, "file", 6 * Reads.MiB, 1);
        OriginGate gate = new();
        proxy.Origin.Faults.Add(RequestMatch.AnyGet, new FaultEffects { HoldInBody = new BodyHold(gate, 5 * Reads.MiB) });
        Task<HttpResponseMessage>[] readers = [.. Enumerable.Range(0, 10).Select(_ => Reads.OpenAsync(proxy, "file"))];
        await gate.ArrivedAsync(1);
        Assert.DoesNotContain(readers, reader => reader.IsCompleted);
        gate.Release();

        foreach (HttpResponseMessage response in await Task.WhenAll(readers))
        {
            await Reads.RestAsync(response, content);
            response.Dispose();
        }

        Assert.Equal(1, proxy.Origin.Traffic.GetCount);
    }

    /// <summary>What streaming mode could only cut off is an S3 error in buffered mode.</summary>
    [Fact]
    public async Task Buffered_mode_answers_a_broken_body_with_an_error()
    {
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions { Mode = CoalescingMode.Buffered });
        proxy.Origin.PutSynthetic(TestProxy.Bucket, "file", 6 * Reads.MiB, 1);
        proxy.Origin.Faults.Add(RequestMatch.AnyGet, new FaultEffects { CutAfterBodyBytes = 1000 });

        using HttpResponseMessage response = await Reads.OpenAsync(proxy, "file");
        Assert.Equal(503, (int)response.StatusCode);
        Assert.Contains("<Code>ServiceUnavailable</Code>", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.False(response.Headers.Contains("ETag"));
    }

    [Fact]
    public async Task Off_means_each_miss_fetches_for_itself()
    {
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions { Mode = CoalescingMode.Off });
        SyntheticContent content = proxy.Origin.PutSynthetic(TestProxy.Bucket, "file", 3 * Reads.MiB, 1);
        OriginGate gate = new();
        proxy.Origin.Faults.Add(RequestMatch.AnyGet, new FaultEffects { HoldBeforeHeaders = gate });
        Task<string>[] readers = [.. Enumerable.Range(0, 5).Select(_ => Reads.WholeAsync(proxy, "file", content))];
        await gate.ArrivedAsync(5);
        gate.Release();

        Assert.All(await Task.WhenAll(readers), outcome => Assert.Equal("MISS", outcome));
        Assert.Equal("HIT", await Reads.WholeAsync(proxy, "file", content));
    }

    [Fact]
    public async Task Bypass_asks_each_time()
    {
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions { Rule = new CacheRule { Mode = CacheMode.Bypass } });
        SyntheticContent content = proxy.Origin.PutSynthetic(TestProxy.Bucket, "file", 3 * Reads.MiB, 1);
        Assert.Equal("BYPASS", await Reads.WholeAsync(proxy, "file", content));
        Assert.Equal("BYPASS", await Reads.WholeAsync(proxy, "file", content));
        Assert.Equal(2, proxy.Origin.Traffic.GetCount);
    }

    /// <summary>nginx-s3-gateway #87: what changed in the headers alone comes with the revalidation.</summary>
    [Fact]
    public async Task Revalidate_sees_a_change_of_the_headers_alone()
    {
        ManualTimeProvider time = new(TimeProvider.System.GetUtcNow());
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions { Rule = new CacheRule { Mode = CacheMode.Revalidate }, OriginTime = time });
        SyntheticContent content = proxy.Origin.PutSynthetic(TestProxy.Bucket, "file", Reads.MiB, 1, new Dictionary<string, string> { ["x-amz-meta-a"] = "1" });
        await Reads.WholeAsync(proxy, "file", content);
        time.Advance(TimeSpan.FromSeconds(5));
        proxy.Origin.ReplaceHeaders(TestProxy.Bucket, "file", new Dictionary<string, string> { ["x-amz-meta-b"] = "2", ["Content-Type"] = "text/x-new" });

        using HttpResponseMessage response = await Reads.OpenAsync(proxy, "file");
        await Reads.RestAsync(response, content);
        Assert.Equal("2", Assert.Single(response.Headers.GetValues("x-amz-meta-b")));
        Assert.False(response.Headers.Contains("x-amz-meta-a"));
        Assert.Equal("text/x-new", response.Content.Headers.ContentType?.ToString());
    }

    [Fact]
    public async Task A_herd_on_a_stale_object_costs_one_revalidation()
    {
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions { Rule = new CacheRule { Mode = CacheMode.Revalidate } });
        SyntheticContent content = proxy.Origin.PutSynthetic(TestProxy.Bucket, "file", 3 * Reads.MiB, 1);
        await Reads.WholeAsync(proxy, "file", content);
        OriginGate gate = new();
        proxy.Origin.Faults.Add(RequestMatch.AnyGet, new FaultEffects { HoldBeforeHeaders = gate });
        Task<HttpResponseMessage> leader = Reads.OpenAsync(proxy, "file");
        await gate.ArrivedAsync(1);
        Task<string>[] readers = [.. Enumerable.Range(0, 20).Select(_ => Reads.WholeAsync(proxy, "file", content))];
        gate.Release();

        using HttpResponseMessage first = await leader;
        Assert.Equal("REVALIDATED", await Reads.RestAsync(first, content));
        await Task.WhenAll(readers);
        await proxy.Origin.Traffic.WaitForIdleAsync();
        Assert.Equal(content.Length, proxy.Origin.Traffic.BodyBytesSent);
    }

    [Fact]
    public async Task Revalidate_costs_one_request_and_sees_every_change()
    {
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions { Rule = new CacheRule { Mode = CacheMode.Revalidate } });
        SyntheticContent content = proxy.Origin.PutSynthetic(TestProxy.Bucket, "file", 2 * Reads.MiB, 1);
        Assert.Equal("MISS", await Reads.WholeAsync(proxy, "file", content));
        Assert.Equal("REVALIDATED", await Reads.WholeAsync(proxy, "file", content));
        await proxy.Origin.Traffic.WaitForIdleAsync();
        Assert.Equal(2, proxy.Origin.Traffic.RequestCount);
        Assert.Equal(content.Length, proxy.Origin.Traffic.BodyBytesSent);

        content = proxy.Origin.OverwriteSynthetic(TestProxy.Bucket, "file", 2 * Reads.MiB, 2);
        await Reads.WholeAsync(proxy, "file", content);
        Assert.Equal(3, proxy.Origin.Traffic.RequestCount);

        proxy.Origin.DeleteObject(TestProxy.Bucket, "file");
        using HttpResponseMessage gone = await Reads.OpenAsync(proxy, "file");
        Assert.Equal(404, (int)gone.StatusCode);
    }

    /// <summary>tag #99: the budget counts bytes, and readers that keep together cost the origin its bytes once.</summary>
    [Fact]
    public async Task Thirty_two_readers_of_256_mib_fit_into_64_mib()
    {
        const int Readers = 32;
        const long Budget = 64L * Reads.MiB;
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions { MemoryBytes = Budget });
        SyntheticContent content = proxy.Origin.PutSynthetic(TestProxy.Bucket, "huge", 256L * Reads.MiB, 1);
        OriginGate gate = new();
        proxy.Origin.Faults.Add(RequestMatch.AnyGet, new FaultEffects { HoldInBody = new BodyHold(gate, 100_000) });
        HttpResponseMessage[] responses = await Task.WhenAll(Enumerable.Range(0, Readers).Select(_ => Reads.OpenAsync(proxy, "huge")));
        gate.Release();

        Stream[] bodies = await Task.WhenAll(responses.Select(response => response.Content.ReadAsStreamAsync()));
        IntegrityStream[] sinks = [.. bodies.Select(_ => new IntegrityStream(content, 0, content.Length))];
        byte[][] buffers = [.. bodies.Select(_ => new byte[Reads.MiB])];
        for (long offset = 0; offset < content.Length; offset += Reads.MiB)
        {
            await Task.WhenAll(Enumerable.Range(0, Readers).Select(reader => ReadStretchAsync(bodies[reader], sinks[reader], buffers[reader], 1)));
            Assert.True(proxy.Memory.UsedBytes <= Budget, $"{proxy.Memory.UsedBytes} bytes in use");
        }

        Assert.All(sinks, sink => Assert.True(sink.Result.IsExact, sink.Result.ToString()));
        await proxy.Origin.Traffic.WaitForIdleAsync();
        Assert.InRange(proxy.Origin.Traffic.BodyBytesSent, content.Length, content.Length + (content.Length / 20));
        Array.ForEach(responses, response => response.Dispose());
    }

    private static async Task ReadStretchAsync(Stream body, IntegrityStream sink, byte[] buffer, int buffers)
    {
        for (int i = 0; i < buffers; i++)
        {
            await body.ReadExactlyAsync(buffer);
            sink.Write(buffer);
        }
    }
}
