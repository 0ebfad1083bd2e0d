using S3Proxy.Testing.Integrity;

namespace S3Proxy.FunctionalTests;

/// <summary>Readers that take what they want when they want; requirement F5, invariants 6 and 7; Squid, tag #99.</summary>
public sealed class SlowReaderTests
{
    private const long ObjectBytes = 64 * Reads.MiB;
    private const long MemoryBytes = 24 * Reads.MiB;
    private const int SmallBufferBytes = 16 * 1024;

    /// <summary>The slow ones read only when told. In between the fast ones read everything, and memory keeps to its budget.</summary>
    [Fact]
    public async Task A_hundred_slow_readers_hold_up_no_fast_one_nor_memory_and_miss_no_byte()
    {
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions { MemoryBytes = MemoryBytes });
        SyntheticContent content = proxy.Origin.PutSynthetic(TestProxy.Bucket, "huge", ObjectBytes, 1);
        SteppedReader[] slow = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => SteppedReader.OpenAsync(proxy, "huge", content, SmallBufferBytes)));
        await Task.WhenAll(slow.Select(reader => reader.ReadAsync(10_000)));

        long[] peaks = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => ReadFastAsync(proxy, content)));
        Assert.InRange(peaks.Max(), 1, MemoryBytes);

        // They drop back at different places, so that one run cannot serve them all.
        for (int i = 0; i < slow.Length; i++)
        {
            await slow[i].ReadAsync(i * 20_000);
            Assert.InRange(proxy.Memory.CommittedBytes, 0, MemoryBytes);
        }

        await Task.WhenAll(slow.Take(10).Select(reader => reader.ReadToEndAsync()));
        Assert.InRange(proxy.Memory.CommittedBytes, 0, MemoryBytes);
        Array.ForEach(slow, reader => reader.Dispose());
    }

    /// <summary>Reads all of it and returns the most memory that was in use or promised at any of its pieces.</summary>
    private static async Task<long> ReadFastAsync(TestProxy proxy, SyntheticContent content)
    {
        using HttpResponseMessage response = await Reads.OpenAsync(proxy, "huge");
        IntegrityStream sink = new(content, 0, content.Length);
        await using Stream body = await response.Content.ReadAsStreamAsync();
        byte[] buffer = new byte[128 * 1024];
        long peak = 0;
        int count;
        while ((count = await body.ReadAsync(buffer)) > 0)
        {
            sink.Write(buffer.AsSpan(0, count));
            peak = Math.Max(peak, proxy.Memory.CommittedBytes);
        }

        Assert.True(sink.Result.IsExact, sink.Result.ToString());
        return peak;
    }
}
