using System.Globalization;
using S3Proxy.Testing.Integrity;
using S3Proxy.Testing.Origin;

namespace S3Proxy.FunctionalTests;

/// <summary>Transfers that break again and again; requirement F6, invariant 3; Pingora #932.</summary>
public sealed class ResumeTests
{
    private const long CutAfterBytes = 1_300_003;

    [Fact]
    public async Task Each_cut_is_resumed_at_the_byte_reached_and_for_the_same_version()
    {
        await using TestProxy proxy = await TestProxy.StartAsync();
        SyntheticContent content = proxy.Origin.PutSynthetic(TestProxy.Bucket, "cut", 8 * Reads.MiB, 1);
        proxy.Origin.Faults.Add(RequestMatch.AnyGet.First(5), new FaultEffects { CutAfterBodyBytes = CutAfterBytes, CutKind = CutKind.Close });

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Reads.WholeAsync(proxy, "cut", content)));

        await proxy.Origin.Traffic.WaitForIdleAsync();
        IReadOnlyList<OriginRequest> requests = proxy.Origin.Traffic.Requests;
        Assert.Equal(6, requests.Count);
        Assert.Null(requests[0].IfMatch);
        for (int i = 1; i < requests.Count; i++)
        {
            Assert.Equal(content.ETag, requests[i].IfMatch);
            Assert.StartsWith(string.Create(CultureInfo.InvariantCulture, $"bytes={i * CutAfterBytes}-"), requests[i].Range, StringComparison.Ordinal);
        }

        Assert.Equal(content.Length, proxy.Origin.Traffic.BodyBytesSent);
    }

    /// <summary>More cuts than the budget of resumes: those who have begun are aborted, never ended as if the object were complete.</summary>
    [Fact]
    public async Task Beyond_the_budget_every_connection_is_aborted_and_nothing_ends_cleanly()
    {
        await using TestProxy proxy = await TestProxy.StartAsync();
        SyntheticContent content = proxy.Origin.PutSynthetic(TestProxy.Bucket, "cut", 32 * Reads.MiB, 1);
        FaultRule cuts = proxy.Origin.Faults.Add(RequestMatch.AnyGet, new FaultEffects { CutAfterBodyBytes = 100_003, CutKind = CutKind.Close });

        HttpResponseMessage[] responses = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Reads.OpenAsync(proxy, "cut")));
        foreach (HttpResponseMessage response in responses)
        {
            Assert.True(!response.IsSuccessStatusCode || await Reads.BreaksOffAsync(response, content));
            response.Dispose();
        }

        Assert.Contains(responses, response => response.IsSuccessStatusCode);
        cuts.Dispose();
        await Reads.WholeAsync(proxy, "cut", content);
    }
}
