using S3Proxy.Configuration;
using S3Proxy.Testing;
using S3Proxy.Testing.Integrity;
using S3Proxy.Testing.Origin;

namespace S3Proxy.FunctionalTests;

/// <summary>Requirement F8 over real sockets, counted at the origin's gate (Varnish, Squid: served one by one, or all at once).</summary>
public sealed class UncacheableTests
{
    private readonly ManualTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    [Fact]
    public async Task Those_who_waited_come_in_batches_and_each_gets_the_whole_object()
    {
        const int Clients = 30;
        const int Batch = 4;
        await using TestProxy proxy = await StartAsync(Batch);
        SyntheticContent content = proxy.Origin.PutSynthetic(TestProxy.Bucket, "weak", 3 * Reads.MiB, 1);
        OriginGate first = new();
        OriginGate rest = new();
        proxy.Origin.Faults.Add(RequestMatch.AnyGet, new FaultEffects { WeakETag = true });
        proxy.Origin.Faults.Add(RequestMatch.AnyGet.Nth(1), new FaultEffects { HoldBeforeHeaders = first });
        proxy.Origin.Faults.Add(RequestMatch.AnyGet with { Skip = 1 }, new FaultEffects { HoldBeforeHeaders = rest });
        Task<string>[] readers = [.. Enumerable.Range(0, Clients).Select(_ => Reads.WholeAsync(proxy, "weak", content))];
        await first.ArrivedAsync(1);
        await proxy.WaitForParticipantsAsync("weak", Clients);

        // One of them takes the answer that is there, so all others but that one come to the origin.
        first.Release();
        Assert.Equal("BYPASS", await await Task.WhenAny(readers));
        for (int released = 0; released < Clients - 1; released++)
        {
            // Never more than a batch at the gate; each that passes makes room for one.
            await rest.ArrivedAsync(Math.Min(Clients - 1, released + Batch));
            Assert.InRange(rest.Arrived - released, 1, Batch);
            Assert.True(rest.ReleaseOne());
        }

        Assert.All(await Task.WhenAll(readers), outcome => Assert.Equal("BYPASS", outcome));
        Assert.Equal(Clients, proxy.Origin.Traffic.GetCount);
    }

    [Fact]
    public async Task A_marked_object_is_read_by_all_at_once_until_the_mark_is_over()
    {
        await using TestProxy proxy = await StartAsync(batch: 1);
        SyntheticContent content = proxy.Origin.PutSynthetic(TestProxy.Bucket, "weak", 1000, 1);
        FaultRule weak = proxy.Origin.Faults.Add(RequestMatch.AnyGet, new FaultEffects { WeakETag = true });
        Assert.Equal("BYPASS", await Reads.WholeAsync(proxy, "weak", content));
        OriginGate gate = new();
        FaultRule held = proxy.Origin.Faults.Add(RequestMatch.AnyGet, new FaultEffects { HoldBeforeHeaders = gate });
        Task<string>[] readers = [.. Enumerable.Range(0, 10).Select(_ => Reads.WholeAsync(proxy, "weak", content))];
        await gate.ArrivedAsync(10);
        gate.Release();
        Assert.All(await Task.WhenAll(readers), outcome => Assert.Equal("BYPASS", outcome));

        held.Dispose();
        weak.Dispose();
        Assert.Equal("BYPASS", await Reads.WholeAsync(proxy, "weak", content));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("MISS", await Reads.WholeAsync(proxy, "weak", content));
    }

    /// <summary>A client that leaves the queue costs nobody a turn.</summary>
    [Fact]
    public async Task Clients_that_leave_while_they_wait_strand_nobody()
    {
        await using TestProxy proxy = await StartAsync(batch: 1);
        SyntheticContent content = proxy.Origin.PutSynthetic(TestProxy.Bucket, "weak", 1000, 1);
        OriginGate first = new();
        OriginGate rest = new();
        proxy.Origin.Faults.Add(RequestMatch.AnyGet, new FaultEffects { WeakETag = true });
        proxy.Origin.Faults.Add(RequestMatch.AnyGet.Nth(1), new FaultEffects { HoldBeforeHeaders = first });
        proxy.Origin.Faults.Add(RequestMatch.AnyGet with { Skip = 1 }, new FaultEffects { HoldBeforeHeaders = rest });
        using CancellationTokenSource leave = new();
        Task<string> stayer = Reads.WholeAsync(proxy, "weak", content);
        await first.ArrivedAsync(1);
        Task<HttpResponseMessage>[] leavers = [.. Enumerable.Range(0, 5).Select(_ => proxy.Client.GetAsync($"/{TestProxy.Bucket}/weak", leave.Token))];
        await proxy.WaitForParticipantsAsync("weak", 6);
        first.Release();
        await rest.ArrivedAsync(1);
        await leave.CancelAsync();
        await Task.WhenAll(leavers.Select(leaver => Record.ExceptionAsync(() => leaver)));

        rest.Release();
        Assert.Equal("BYPASS", await stayer);
        Assert.Equal("BYPASS", await Reads.WholeAsync(proxy, "weak", content));
    }

    /// <summary>A relayed body without a length that is cut must not look whole.</summary>
    [Fact]
    public async Task A_relayed_body_that_is_cut_breaks_off_at_the_client()
    {
        await using TestProxy proxy = await StartAsync(batch: 16);
        SyntheticContent content = proxy.Origin.PutSynthetic(TestProxy.Bucket, "cut", 4 * Reads.MiB, 1);
        proxy.Origin.Faults.Add(RequestMatch.AnyGet, new FaultEffects { OmitContentLength = true, CutAfterBodyBytes = 1_000_000 });

        using HttpResponseMessage response = await Reads.OpenAsync(proxy, "cut");
        Assert.Equal("BYPASS", Reads.OutcomeOf(response));
        Assert.True(await Reads.BreaksOffAsync(response, content));
        Assert.Equal(1, proxy.Origin.Traffic.GetCount);
    }

    private Task<TestProxy> StartAsync(int batch) =>
        TestProxy.StartAsync(new TestProxyOptions { ProxyTime = _time, Coalescing = new CoalescingConfiguration { ReleaseBatch = batch } });
}
