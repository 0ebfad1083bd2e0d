using System.Net;
using S3Proxy.Configuration;
using S3Proxy.Testing.Integrity;

namespace S3Proxy.FunctionalTests;

/// <summary>Large bodies that are overwritten again and again while many read them; requirements F7, I1, invariant 2; tag #92.</summary>
public sealed class TornReadTests
{
    private const int Rounds = 25;
    private const int BodyBytes = (2 * Reads.MiB) + 12_345;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_is_of_one_version_and_not_older_than_what_was_acknowledged(bool behindTheProxy)
    {
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions
        {
            Auth = AuthMode.SigV4,
            SliceBytes = 64 * 1024,
            MemoryBytes = 4L * Reads.MiB,
            Rule = new CacheRule { Mode = behindTheProxy ? CacheMode.Revalidate : CacheMode.Ttl, Ttl = TimeSpan.FromMinutes(10) },
        });
        int acknowledged = 0;
        bool done = false;
        await WriteAsync(proxy, behindTheProxy, 0);

        async Task ReadAsync()
        {
            while (!Volatile.Read(ref done))
            {
                int floor = Volatile.Read(ref acknowledged);
                if (await ReadVersionAsync(proxy) is { } version)
                {
                    // Behind the proxy a reader may share an answer that was on its way already.
                    Assert.True(behindTheProxy || version >= floor, $"read version {version} after {floor} was acknowledged");
                }
            }
        }

        Task[] readers = [.. Enumerable.Range(0, 6).Select(_ => ReadAsync())];
        try
        {
            for (int round = 1; round <= Rounds; round++)
            {
                await WriteAsync(proxy, behindTheProxy, round);
                Volatile.Write(ref acknowledged, round);
                int? version = await ReadVersionAsync(proxy);
                Assert.True(behindTheProxy || version is null || version == round, $"read version {version} after {round} was acknowledged");
            }
        }
        finally
        {
            Volatile.Write(ref done, true);
            await Task.WhenAll(readers);
        }

        Assert.Equal(Rounds, await ReadVersionAsync(proxy));
    }

    /// <summary>The ranges of one object, all at once, cost the origin its bytes about once.</summary>
    [Fact]
    public async Task Disjoint_ranges_at_once_do_not_fetch_one_anothers_bytes()
    {
        const int Ranges = 32;
        const long RangeBytes = 2 * Reads.MiB;
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions { MemoryBytes = 256L * Reads.MiB });
        SyntheticContent content = proxy.Origin.PutSynthetic(TestProxy.Bucket, "parts", Ranges * RangeBytes, 1);

        await Task.WhenAll(Enumerable.Range(0, Ranges).Select(i => Reads.RangeAsync(proxy, "parts", content, i * RangeBytes, ((i + 1) * RangeBytes) - 1)));

        await proxy.Origin.Traffic.WaitForIdleAsync();
        Assert.InRange(proxy.Origin.Traffic.BodyBytesSent, content.Length, content.Length + (4 * RangeBytes));
    }

    private static async Task WriteAsync(TestProxy proxy, bool behindTheProxy, int version)
    {
        byte[] body = new byte[BodyBytes];
        body.AsSpan().Fill((byte)version);
        if (behindTheProxy)
        {
            proxy.Origin.PutObject(TestProxy.Bucket, "torn", body);
            return;
        }

        using HttpResponseMessage response = await proxy.Signed.PutAsync("torn", body);
        string answer = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{answer}\n{string.Join("\n", proxy.Origin.Traffic.Requests.TakeLast(14).Select(r => r.ConnectionId + " " + r))}");
    }

    /// <summary>The version read, whole; null when the read failed, which it may when its version is gone.</summary>
    private static async Task<int?> ReadVersionAsync(TestProxy proxy)
    {
        using HttpResponseMessage response = await proxy.Signed.GetAsync("torn");
        if (response.StatusCode == HttpStatusCode.ServiceUnavailable)
        {
            return null;
        }

        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{(int)response.StatusCode} {(response.StatusCode == HttpStatusCode.OK ? "" : await response.Content.ReadAsStringAsync())}");
        byte[] body;
        try
        {
            body = await response.Content.ReadAsByteArrayAsync();
        }
        catch (Exception error) when (error is IOException or HttpRequestException)
        {
            return null;
        }

        Assert.Equal(BodyBytes, body.Length);
        int mixed = body.AsSpan().IndexOfAnyExcept(body[0]);
        Assert.True(mixed < 0, $"version {body[0]} up to byte {mixed}, then version {(mixed < 0 ? 0 : body[mixed])}");
        return body[0];
    }
}
