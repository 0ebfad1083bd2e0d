using S3Proxy.Configuration;
using S3Proxy.Testing.Integrity;
using S3Proxy.Testing.Origin;

namespace S3Proxy.FunctionalTests;

/// <summary>Requirements C5, F6 and R1 when an origin dies in the middle of everything and comes back.</summary>
public sealed class OutageTests
{
    private const string Patient = "patient";

    [Fact]
    public async Task Who_may_read_stale_sees_no_error_and_others_a_clear_one()
    {
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions
        {
            Rule = new CacheRule { Mode = CacheMode.Ttl, Ttl = TimeSpan.Zero },
            SliceBytes = 64 * 1024,
            Buckets = new Dictionary<string, Func<BucketConfiguration, BucketConfiguration>>
            {
                [Patient] = bucket => bucket with
                {
                    OriginBucket = TestProxy.Bucket,
                    Cache = bucket.Cache with { StaleIfError = TimeSpan.FromHours(1) },
                },
            },
        });
        SyntheticContent cached = proxy.Origin.PutSynthetic(TestProxy.Bucket, "cached", 300_000, 1);
        SyntheticContent large = proxy.Origin.PutSynthetic(TestProxy.Bucket, "large", 4 * Reads.MiB, 2);
        await Reads.WholeAsync(proxy, "cached", cached);

        // The origin dies in the middle of a body and takes no connection any more.
        OriginGate middle = new();
        using FaultRule hold = proxy.Origin.Faults.Add(
            RequestMatch.Get("large").First(1), new FaultEffects { HoldInBody = new BodyHold(middle, Reads.MiB), CutAfterBodyBytes = Reads.MiB + 1 });
        HttpResponseMessage[] begun = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Reads.OpenAsync(proxy, "large")));
        Task<string>[] streaming = [.. begun.Select(response => Reads.RestAsync(response, large))];
        await middle.ArrivedAsync(1);
        FaultRule death = proxy.Origin.Faults.Add(RequestMatch.Any, new FaultEffects { CutOnArrival = true });
        middle.Release();

        for (int i = 0; i < 5; i++)
        {
            using HttpResponseMessage stale = await proxy.Client.GetAsync($"/{Patient}/cached");
            Assert.Equal("STALE", await Reads.RestAsync(stale, cached));
        }

        using (HttpResponseMessage refused = await Reads.OpenAsync(proxy, "cached"))
        {
            Assert.Equal(503, (int)refused.StatusCode);
            Assert.Contains("<Code>ServiceUnavailable</Code>", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        Assert.All(streaming, reader => Assert.False(reader.IsFaulted));
        death.Dispose();

        await Task.WhenAll(streaming);
        Array.ForEach(begun, response => response.Dispose());
        await WholeOnceBackAsync(proxy, cached);
        Assert.Equal(0, proxy.Flights.InFlightCount);
    }

    /// <summary>The breaker may leave the only endpoint alone for a second after the outage.</summary>
    private static async Task WholeOnceBackAsync(TestProxy proxy, SyntheticContent content)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(20));
        while (true)
        {
            using HttpResponseMessage response = await proxy.Client.GetAsync($"/{TestProxy.Bucket}/cached", limit.Token);
            if (response.IsSuccessStatusCode)
            {
                await Reads.RestAsync(response, content);
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, limit.Token);
        }
    }
}
