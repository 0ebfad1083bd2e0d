using System.Globalization;
using System.Text;
using S3Proxy.Coalescing;
using S3Proxy.Native;
using S3Proxy.Testing.Integrity;

namespace S3Proxy.FunctionalTests;

/// <summary>Bodies that go from memory to the socket without a copy, and the same without that (docs/decisions/0016-zero-copy.md).</summary>
public sealed class ZeroCopyTests
{
    private const int SmallBufferBytes = 16 * 1024;
    private const int ObjectBytes = (2 * Reads.MiB) + 70_001;

    /// <summary>
    /// Slow readers leave evicted pages in the kernel's queues while others fill the same pages anew, again and again. Were a page written again before the socket
    /// is done with it, or sent after its punch, a reader would see other bytes.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Slow_readers_get_their_bytes_however_often_their_pages_are_evicted_and_filled_again(bool zeroCopy)
    {
        const int Objects = 24;
        const int Rounds = 6;
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions { MemoryBytes = 4 * Reads.MiB, SliceBytes = 256 * 1024, ZeroCopy = zeroCopy });
        SyntheticContent[] contents = [.. Enumerable.Range(0, Objects).Select(i => proxy.Origin.PutSynthetic(TestProxy.Bucket, Name(i), ObjectBytes, (ulong)i + 1))];
        SteppedReader[] slow = await Task.WhenAll(Enumerable.Range(0, Objects * 2).Select(i => SteppedReader.OpenAsync(proxy, Name(i % Objects), contents[i % Objects], SmallBufferBytes)));
        for (int round = 0; round < Rounds; round++)
        {
            // Each reads a stretch of its own, so that they stand in different slices; then everything is read past them.
            await Task.WhenAll(slow.Select((reader, i) => reader.ReadAsync(40_000 + (i * 3001))));
            await Task.WhenAll(Enumerable.Range(0, Objects).Select(i => Reads.WholeAsync(proxy, Name(i), contents[i])));
            Assert.InRange(proxy.Memory.CommittedBytes, 0, 4 * Reads.MiB);
        }

        await Task.WhenAll(slow.Select(reader => reader.ReadToEndAsync()));
        Array.ForEach(slow, reader => reader.Dispose());
        Assert.Equal(zeroCopy && MemoryFile.IsSupported, proxy.Pages.PunchedPages > 0);
    }

    [Fact]
    public async Task Requests_sent_at_once_on_one_connection_are_answered_in_order_and_to_the_byte()
    {
        await using TestProxy proxy = await TestProxy.StartAsync();
        SyntheticContent content = proxy.Origin.PutSynthetic(TestProxy.Bucket, "piped", ObjectBytes, 5);
        await Reads.WholeAsync(proxy, "piped", content);

        (string Method, string? Range, string? Condition, int Status, long First, long Last)[] requests =
        [
            ("GET", null, null, 200, 0, ObjectBytes - 1),
            ("HEAD", null, null, 200, 0, -1),
            ("GET", "bytes=0-65535", null, 206, 0, 65_535),
            ("GET", "bytes=65535-65536", null, 206, 65_535, 65_536),
            ("GET", null, content.ETag, 304, 0, -1),
            ("GET", "bytes=1000001-1999999", null, 206, 1_000_001, 1_999_999),
            ("GET", "bytes=99999999-", null, 416, 0, -1),
            ("GET", "bytes=-70001", null, 206, ObjectBytes - 70_001, ObjectBytes - 1),
            ("GET", null, null, 200, 0, ObjectBytes - 1),
        ];
        using RawConnection connection = await RawConnection.OpenAsync(proxy.Data, SmallBufferBytes);
        StringBuilder pipeline = new();
        foreach ((string method, string? range, string? condition, _, _, _) in requests)
        {
            pipeline.Append(CultureInfo.InvariantCulture, $"{method} /{TestProxy.Bucket}/piped HTTP/1.1\r\nHost: proxy\r\n");
            pipeline.Append(range is null ? "" : $"Range: {range}\r\n").Append(condition is null ? "" : $"If-None-Match: {condition}\r\n").Append("\r\n");
        }

        Task sending = connection.SendAsync(pipeline.ToString());
        foreach ((string method, _, _, int status, long first, long last) in requests)
        {
            string headers = await ReceiveHeadersAsync(connection);
            Assert.StartsWith($"HTTP/1.1 {status} ", headers, StringComparison.Ordinal);
            int length = status is 304 || method == "HEAD" ? 0 : LengthOf(headers);
            byte[] body = await connection.ReceiveAsync(length);
            Assert.Equal(length, body.Length);
            if (last >= first)
            {
                Assert.Equal(last - first + 1, length);
                Assert.Equal(-1, content.FirstMismatch(first, body));
            }
        }

        await sending;
    }

    /// <summary>TestProxy checks at its end that every page is back.</summary>
    [Fact]
    public async Task Clients_that_break_off_in_the_middle_leave_no_page_behind_and_harm_no_other()
    {
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions { MemoryBytes = 8 * Reads.MiB });
        SyntheticContent content = proxy.Origin.PutSynthetic(TestProxy.Bucket, "left", 16 * Reads.MiB, 6);
        for (int round = 0; round < 3; round++)
        {
            RawConnection[] leaving = await Task.WhenAll(Enumerable.Range(0, 16).Select(async i =>
            {
                RawConnection connection = await RawConnection.OpenAsync(proxy.Data, SmallBufferBytes);
                await connection.SendAsync($"GET /{TestProxy.Bucket}/left HTTP/1.1\r\nHost: proxy\r\n\r\n");
                await connection.ReceiveAsync(1000 + (i * 50_000));
                return connection;
            }));
            Task<string> staying = Reads.WholeAsync(proxy, "left", content);
            Array.ForEach(leaving, connection => connection.Reset());
            await staying;
        }
    }

    /// <summary>What is not in pages takes the same way out: small bodies, lists, errors, uploads with their 100-continue.</summary>
    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, false)]
    public async Task Bodies_of_every_size_are_right_cold_and_warm(bool zeroCopy, bool fastPath)
    {
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions { ZeroCopy = zeroCopy, FastPath = fastPath });
        foreach (int bytes in new[]
        {
            1, 4095, 4096, 16_383, 16_384, 32_768, 32_769, 40_000, SegmentLayout.MaxSplitBytes, SegmentLayout.MaxSplitBytes + 1, 65_535, 65_536, 65_537, 98_304, 98_305, 105_536, 131_072, 1_048_575, 1_048_576, 1_048_577,
            1_088_576, 3_000_000,
        })
        {
            string key = string.Create(CultureInfo.InvariantCulture, $"size-{bytes}");
            SyntheticContent content = proxy.Origin.PutSynthetic(TestProxy.Bucket, key, bytes, (ulong)bytes);
            Assert.Equal("MISS", await Reads.WholeAsync(proxy, key, content));
            Assert.Equal("HIT", await Reads.WholeAsync(proxy, key, content));
            await Reads.RangeAsync(proxy, key, content, bytes / 3, bytes - 1);
            await Reads.RangeAsync(proxy, key, content, Math.Max(0, Math.Min(bytes, SegmentLayout.HalfBytes) - 2), Math.Min(bytes - 1, SegmentLayout.HalfBytes + 1));
        }
    }

    private static string Name(int i) => string.Create(CultureInfo.InvariantCulture, $"object-{i}");

    private static async Task<string> ReceiveHeadersAsync(RawConnection connection)
    {
        StringBuilder headers = new();
        while (!headers.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            byte[] next = await connection.ReceiveAsync(1);
            Assert.Single(next);
            headers.Append((char)next[0]);
        }

        return headers.ToString();
    }

    private static int LengthOf(string headers)
    {
        string line = headers.Split("\r\n").First(static line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
        return int.Parse(line.AsSpan("Content-Length:".Length), CultureInfo.InvariantCulture);
    }
}
