using S3Proxy.Testing.Integrity;
using S3Proxy.Testing.Origin;

namespace S3Proxy.FunctionalTests;

/// <summary>Requirements F2, F3, F4, F13 over real sockets.</summary>
public sealed class HerdTests
{
    private const int MiB = 1 << 20;

    [Theory]
    [InlineData(50)]
    [InlineData(1000)]
    public async Task Simultaneous_clients_of_one_cold_object_cost_one_get_and_get_identical_bodies(int clients)
    {
        await using TestProxy proxy = await TestProxy.StartAsync();
        SyntheticContent content = proxy.Origin.PutSynthetic(TestProxy.Bucket, "cold", 8 * MiB, 1);
        OriginGate gate = new();
        proxy.Origin.Faults.Add(RequestMatch.AnyGet, new FaultEffects { HoldBeforeHeaders = gate });

        Task<string>[] reads = [.. Enumerable.Range(0, clients).Select(_ => ReadAsync(proxy, "cold", content))];
        await gate.ArrivedAsync(1, CancellationToken.None);
        gate.Release();

        string[] outcomes = await Task.WhenAll(reads);
        Assert.Equal(1, proxy.Origin.Traffic.GetCount);
        Assert.Equal(0, proxy.Origin.Traffic.HeadCount);
        Assert.Equal(8 * MiB, proxy.Origin.Traffic.BodyBytesSent);
        Assert.Equal(1, outcomes.Count(outcome => outcome == "MISS"));
        Assert.DoesNotContain(outcomes, outcome => outcome is not ("MISS" or "COALESCED" or "HIT"));
    }

    /// <summary>Each wave has its headers, and so has joined, while the flight is held in the middle of its body.</summary>
    [Fact]
    public async Task Waves_of_ten_cost_one_get_too()
    {
        await using TestProxy proxy = await TestProxy.StartAsync();
        SyntheticContent content = proxy.Origin.PutSynthetic(TestProxy.Bucket, "cold", 4 * MiB, 2);
        OriginGate gate = new();
        proxy.Origin.Faults.Add(RequestMatch.AnyGet, new FaultEffects { HoldInBody = new BodyHold(gate, MiB + 5) });
        List<HttpResponseMessage> responses = [];
        for (int wave = 0; wave < 5; wave++)
        {
            responses.AddRange(await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Reads.OpenAsync(proxy, "cold"))));
            await gate.ArrivedAsync(1);
            Assert.Equal(1, gate.Waiting);
        }

        gate.Release();
        string[] outcomes = await Task.WhenAll(responses.Select(response => Reads.RestAsync(response, content)));
        Assert.Equal(50, outcomes.Length);
        Assert.Equal(1, outcomes.Count(outcome => outcome == "MISS"));
        Assert.Equal(1, proxy.Origin.Traffic.GetCount);
        responses.ForEach(response => response.Dispose());
    }

    private static async Task<string> ReadAsync(TestProxy proxy, string key, SyntheticContent content)
    {
        using HttpResponseMessage response = await proxy.Client.GetAsync($"/{TestProxy.Bucket}/{key}", HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        await using Stream body = await response.Content.ReadAsStreamAsync();
        BodyCheckResult check = await BodyCheck.VerifyAsync(body, content);
        Assert.True(check.IsExact, check.ToString());
        return string.Join(',', response.Headers.GetValues("x-cache"));
    }
}
