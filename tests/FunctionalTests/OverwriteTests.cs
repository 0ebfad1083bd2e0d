using S3Proxy.Testing.Integrity;
using S3Proxy.Testing.Origin;

namespace S3Proxy.FunctionalTests;

/// <summary>Objects that are overwritten behind the proxy while they are read: never mixed bytes. Requirement F7; tag #92, #106.</summary>
public sealed class OverwriteTests
{
    [Fact]
    public async Task A_started_body_is_aborted_when_its_version_is_gone()
    {
        await using TestProxy proxy = await TestProxy.StartAsync();
        SyntheticContent before = proxy.Origin.PutSynthetic(TestProxy.Bucket, "over", 8 * Reads.MiB, 1);
        OriginGate gate = new();
        proxy.Origin.Faults.Add(RequestMatch.AnyGet.Nth(1), new FaultEffects { HoldInBody = new BodyHold(gate, 1_500_000), CutAfterBodyBytes = 1_500_000 });
        using HttpResponseMessage reader = await Reads.OpenAsync(proxy, "over");
        await gate.ArrivedAsync(1);

        SyntheticContent after = proxy.Origin.OverwriteSynthetic(TestProxy.Bucket, "over", 8 * Reads.MiB, 2);
        gate.Release();

        Assert.True(await Reads.BreaksOffAsync(reader, before));
        await Reads.WholeAsync(proxy, "over", after);
    }

    /// <summary>Readers that have sent nothing start again, with nothing left of the first version's headers.</summary>
    [Fact]
    public async Task A_response_that_has_not_begun_restarts_on_the_new_version()
    {
        await using TestProxy proxy = await TestProxy.StartAsync();
        proxy.Origin.PutSynthetic(TestProxy.Bucket, "over", 4 * Reads.MiB, 1, new Dictionary<string, string>
        {
            ["Content-Encoding"] = "br",
            ["x-amz-meta-first"] = "yes",
        });
        OriginGate gate = new();
        proxy.Origin.Faults.Add(RequestMatch.AnyGet.Nth(1), new FaultEffects { HoldBeforeBody = gate, CutAfterBodyBytes = 0 });
        Task<HttpResponseMessage>[] readers = [.. Enumerable.Range(0, 5).Select(_ => Reads.OpenAsync(proxy, "over"))];
        await gate.ArrivedAsync(1);

        SyntheticContent after = proxy.Origin.OverwriteSynthetic(TestProxy.Bucket, "over", 3 * Reads.MiB, 2);
        proxy.Origin.ReplaceHeaders(TestProxy.Bucket, "over", new Dictionary<string, string> { ["x-amz-meta-second"] = "yes" });
        gate.Release();

        foreach (HttpResponseMessage response in await Task.WhenAll(readers))
        {
            await Reads.RestAsync(response, after);
            Assert.Equal(after.ETag, response.Headers.ETag?.ToString());
            Assert.False(response.Headers.Contains("x-amz-meta-first"), "a header of the first version was left over");
            Assert.Empty(response.Content.Headers.ContentEncoding);
            Assert.True(response.Headers.Contains("x-amz-meta-second"));
            response.Dispose();
        }
    }

    [Fact]
    public async Task A_hot_object_whose_missing_slice_is_of_a_new_version_restarts()
    {
        await using TestProxy proxy = await TestProxy.StartAsync();
        SyntheticContent before = proxy.Origin.PutSynthetic(TestProxy.Bucket, "over", 8 * Reads.MiB, 1);
        await Reads.RangeAsync(proxy, "over", before, 0, 99);
        SyntheticContent after = proxy.Origin.OverwriteSynthetic(TestProxy.Bucket, "over", 8 * Reads.MiB, 2);

        await Reads.RangeAsync(proxy, "over", before, 0, 99);
        await Reads.RangeAsync(proxy, "over", after, 5 * Reads.MiB, 5 * Reads.MiB + 99);
        await Reads.RangeAsync(proxy, "over", after, 0, 99);
    }

    [Fact]
    public async Task Readers_of_a_versioned_bucket_stay_with_the_version_they_began_with()
    {
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions { Versioned = true });
        SyntheticContent before = proxy.Origin.PutSynthetic(TestProxy.Bucket, "over", 8 * Reads.MiB, 1);
        OriginGate gate = new();
        proxy.Origin.Faults.Add(RequestMatch.AnyGet.Nth(1), new FaultEffects { HoldInBody = new BodyHold(gate, 1_500_000), CutAfterBodyBytes = 1_500_000 });
        using HttpResponseMessage reader = await Reads.OpenAsync(proxy, "over");
        await gate.ArrivedAsync(1);

        proxy.Origin.OverwriteSynthetic(TestProxy.Bucket, "over", 8 * Reads.MiB, 2);
        gate.Release();

        await Reads.RestAsync(reader, before);
        await proxy.Origin.Traffic.WaitForIdleAsync();
        Assert.Contains(proxy.Origin.Traffic.Requests, request => request.RawTarget.Contains("versionId=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_object_deleted_while_it_is_read_is_never_ended_cleanly()
    {
        await using TestProxy proxy = await TestProxy.StartAsync();
        SyntheticContent before = proxy.Origin.PutSynthetic(TestProxy.Bucket, "over", 8 * Reads.MiB, 1);
        OriginGate gate = new();
        proxy.Origin.Faults.Add(RequestMatch.AnyGet.Nth(1), new FaultEffects { HoldInBody = new BodyHold(gate, 1_500_000), CutAfterBodyBytes = 1_500_000 });
        using HttpResponseMessage reader = await Reads.OpenAsync(proxy, "over");
        await gate.ArrivedAsync(1);
        proxy.Origin.DeleteObject(TestProxy.Bucket, "over");
        gate.Release();

        Assert.True(await Reads.BreaksOffAsync(reader, before));
        using HttpResponseMessage gone = await Reads.OpenAsync(proxy, "over");
        Assert.Equal(404, (int)gone.StatusCode);
    }
}
