using S3Proxy.Configuration;
using S3Proxy.Testing;
using S3Proxy.Testing.Integrity;
using S3Proxy.Testing.Origin;

namespace S3Proxy.FunctionalTests;

/// <summary>Outcomes that linger: failures for the time configured, a cancellation never; requirement F11.</summary>
public sealed class ErrorLingerTests
{
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(2);

    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task A_failure_is_shared_for_its_linger_time_and_then_asked_again()
    {
        await using TestProxy proxy = await StartAsync();
        SyntheticContent content = proxy.Origin.PutSynthetic(TestProxy.Bucket, "failing", Reads.MiB, 1);
        FaultRule fault = proxy.Origin.Faults.Add(RequestMatch.AnyGet, new FaultEffects { Status = 503 });
        for (int i = 0; i < 3; i++)
        {
            using HttpResponseMessage refused = await Reads.OpenAsync(proxy, "failing");
            Assert.Equal(503, (int)refused.StatusCode);
        }

        Assert.Equal(1, proxy.Origin.Traffic.GetCount);
        fault.Dispose();
        _time.Advance(Linger);

        await Reads.WholeAsync(proxy, "failing", content);
        Assert.Equal(2, proxy.Origin.Traffic.GetCount);
    }

    [Fact]
    public async Task A_fetch_that_everybody_left_never_lingers()
    {
        await using TestProxy proxy = await StartAsync();
        SyntheticContent content = proxy.Origin.PutSynthetic(TestProxy.Bucket, "left", 4 * Reads.MiB, 1);
        OriginGate gate = new();
        proxy.Origin.Faults.Add(RequestMatch.AnyGet.Nth(1), new FaultEffects { HoldBeforeHeaders = gate });
        using (RawConnection leaving = await RawConnection.OpenAsync(proxy.Data))
        {
            await leaving.SendAsync($"GET /{TestProxy.Bucket}/left HTTP/1.1\r\nHost: proxy\r\n\r\n");
            await gate.ArrivedAsync(1);
            leaving.Reset();
        }

        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        await proxy.Origin.Traffic.WaitForIdleAsync(limit.Token);

        await Reads.WholeAsync(proxy, "left", content);
        Assert.Equal(2, proxy.Origin.Traffic.GetCount);
    }

    private Task<TestProxy> StartAsync() => TestProxy.StartAsync(new TestProxyOptions
    {
        ProxyTime = _time,
        OriginTime = _time,
        Coalescing = new CoalescingConfiguration { ErrorLinger = Linger },
        OriginSide = static origin => origin with { Retry = new OriginRetry { MaxRepeats = 0 } },
    });
}
