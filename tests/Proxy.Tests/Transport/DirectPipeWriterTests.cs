using System.IO.Pipelines;
using S3Proxy.Caching.Memory;
using S3Proxy.Coalescing;
using S3Proxy.Native;
using S3Proxy.Tests.Transport.Loops;
using S3Proxy.Transport;
using S3Proxy.Transport.Loops;

namespace S3Proxy.Tests.Transport;

/// <summary>The output of a connection on real sockets: what is copied, what goes from pages, and what is left when the socket is full or gone.</summary>
public sealed partial class DirectPipeWriterTests : IAsyncLifetime, IDisposable
{
    private const int PageBytes = PagePool.PageBytes;
    private readonly PagePool _pool = NewPool();
    private readonly EventLoop _loop = new("test");
    private readonly AbortRecorder _connection = new();
    private SocketPair _pair = null!;
    private DirectPipeWriter _writer = null!;

    public async Task InitializeAsync() => await ConnectAsync(bufferBytes: null);

    public async Task DisposeAsync()
    {
        await _writer.CompleteAsync();
        await _connection.DisposeAsync();
    }

    public void Dispose()
    {
        _loop.Dispose();
        _pair.Dispose();
        _pool.Dispose();
    }

    [Fact]
    public async Task Bytes_written_and_pages_sent_arrive_in_order()
    {
        BodySegment page = RentPage(fill: 9);
        await _writer.WriteAsync(Filled(100, 1));
        Write(Filled(5000, 2));
        int sent = _writer.TrySend(_writer, new BytePieces(page.Memory), moreFollows: false);
        Assert.InRange(sent, 1, PageBytes);
        Assert.Equal(0, _writer.UnflushedBytes);
        await _writer.WriteAsync(Filled(200, 3));

        byte[] expected = [.. Filled(100, 1), .. Filled(5000, 2), .. Filled(sent, 9), .. Filled(200, 3)];
        byte[] received = await _pair.ReceiveAsync(expected.Length);
        Assert.True(expected.AsSpan().SequenceEqual(received));
        _pool.TakeBack(page);
    }

    /// <summary>The page belongs to somebody else by then.</summary>
    [Fact]
    public async Task A_page_that_was_offered_in_vain_is_not_sent_later()
    {
        BodySegment page = RentPage(fill: 9);
        Assert.Throws<NotSupportedException>(() => _writer.TrySend(new RefusingPipeWriter(), new BytePieces(page.Memory), moreFollows: false));

        await _writer.WriteAsync(Filled(100, 1));

        Assert.Equal(Filled(100, 1), await _pair.ReceiveAsync(100));
        _pool.TakeBack(page);
    }

    /// <summary>Buffers of a few kilobytes: nearly every send is a part of what was meant.</summary>
    [Fact]
    public async Task A_socket_that_takes_little_at_a_time_gets_everything_once()
    {
        await ConnectAsync(bufferBytes: 4096);
        Random random = new(1);
        List<byte> expected = [];
        BodySegment[] pages = [.. Enumerable.Range(1, 6).Select(i => RentPage((byte)i))];
        foreach (BodySegment page in pages)
        {
            random.NextBytes(page.Memory.Span);
            expected.AddRange(page.Memory.Span);
        }

        Task<byte[]> receiving = _pair.ReceiveAsync(expected.Count);
        foreach (BodySegment page in pages)
        {
            for (ReadOnlyMemory<byte> left = page.Memory; !left.IsEmpty;)
            {
                int sent = _writer.CanSend(left.Length) ? _writer.TrySend(_writer, new BytePieces(left), moreFollows: false) : 0;
                if (sent == 0)
                {
                    sent = Math.Min(left.Length, 1500);
                    await _writer.WriteAsync(left[..sent]);
                }

                left = left[sent..];
            }
        }

        byte[] received = await receiving;
        Assert.True(expected.ToArray().AsSpan().SequenceEqual(received));
        Array.ForEach(pages, page => _pool.TakeBack(page));
    }

    /// <summary>Headers, pages that are copied and pages that are referred to, by calls that take any part of them.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData(4096)]
    [InlineData(100_000)]
    public async Task Pieces_of_a_body_arrive_once_in_order_whichever_way_they_go(int? bufferBytes)
    {
        await ConnectAsync(bufferBytes);
        using PagePool copiedOnly = new(16 * PageBytes, file: null);
        Random random = new(3);
        SharedBody body = new((13 * PageBytes) + 17);
        byte[] content = new byte[body.Length];
        random.NextBytes(content);
        for (int offset = 0; offset < content.Length;)
        {
            Memory<byte> memory = body.GetWriteMemory(new ReservingPool(random.Next(2) == 0 ? _pool : copiedOnly));
            content.AsMemory(offset, memory.Length).CopyTo(memory);
            body.Publish(memory.Length);
            offset += memory.Length;
        }

        using SharedBodyCursor cursor = new();
        Assert.True(cursor.TryMoveTo(body, 0));
        List<byte> expected = [];
        Task<byte[]> receiving = _pair.ReceiveAsync(content.Length + (200 * 14));
        int heads = 0;
        while (cursor.Available > 0)
        {
            if (cursor.Offset >= heads * PageBytes)
            {
                Write(Filled(200, (byte)heads++));
                expected.AddRange(Filled(200, (byte)(heads - 1)));
            }

            BytePieces pieces = BytePieces.At(cursor, random.Next(1, 9 * PageBytes));
            int sent = _writer.CanSend(pieces.Bytes) ? _writer.TrySend(_writer, pieces, moreFollows: false) : 0;
            Assert.InRange(sent, 0, pieces.Bytes);
            if (sent == 0)
            {
                sent = Math.Min(cursor.Peek().Length, 1500);
                await _writer.WriteAsync(cursor.Peek()[..sent]);
            }

            expected.AddRange(content.AsSpan(cursor.Offset, sent));
            cursor.Advance(sent);
        }

        while (heads < 14)
        {
            heads++;
            await _writer.WriteAsync(Filled(200, 255));
            expected.AddRange(Filled(200, 255));
        }

        byte[] received = await receiving;
        Assert.True(expected.ToArray().AsSpan().SequenceEqual(received));
        cursor.Park();
        body.Release();
    }

    [Fact]
    public async Task A_flush_waits_for_the_client_and_ends_when_everything_is_taken()
    {
        await ConnectAsync(bufferBytes: 4096);
        byte[] bytes = new byte[4 << 20];
        new Random(2).NextBytes(bytes);

        Task<FlushResult> flush = _writer.WriteAsync(bytes).AsTask();
        Assert.False(flush.IsCompleted);
        Assert.Throws<InvalidOperationException>(() => _writer.GetMemory());

        byte[] received = await _pair.ReceiveAsync(bytes.Length);
        FlushResult result = await flush;
        Assert.True(bytes.AsSpan().SequenceEqual(received));
        Assert.False(result.IsCompleted);
        Assert.False(result.IsCanceled);
        Assert.Equal(0, _writer.UnflushedBytes);
    }

    [Fact]
    public async Task A_client_that_is_gone_completes_the_output_and_aborts_the_connection()
    {
        await ConnectAsync(bufferBytes: 4096);
        Task<FlushResult> flush = _writer.WriteAsync(new byte[4 << 20]).AsTask();
        Assert.False(flush.IsCompleted);
        _pair.Client.LingerState = new System.Net.Sockets.LingerOption(true, 0);
        _pair.Client.Close();

        Assert.True((await flush).IsCompleted);
        Assert.True(_connection.IsAborted);

        // Whoever goes on all the same neither fails nor gathers memory.
        Assert.True((await _writer.WriteAsync(new byte[100_000])).IsCompleted);
        Assert.Equal(0, _writer.UnflushedBytes);
        BodySegment page = RentPage(1);
        Assert.Equal(0, _writer.TrySend(_writer, new BytePieces(page.Memory), moreFollows: false));
        _pool.TakeBack(page);
    }

    [Fact]
    public async Task A_connection_that_is_aborted_ends_the_flush()
    {
        await ConnectAsync(bufferBytes: 4096);
        Task<FlushResult> flush = _writer.WriteAsync(new byte[4 << 20]).AsTask();
        Assert.False(flush.IsCompleted);
        _pair.Server.Dispose();
        _writer.Interrupt();
        Assert.True((await flush).IsCompleted);
    }

    [Fact]
    public async Task A_flush_that_is_cancelled_with_a_part_sent_aborts_the_connection()
    {
        await ConnectAsync(bufferBytes: 4096);
        using CancellationTokenSource cancellation = new();
        Task<FlushResult> flush = _writer.WriteAsync(new byte[4 << 20], cancellation.Token).AsTask();
        Assert.False(flush.IsCompleted);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => flush);
        Assert.True(_connection.IsAborted);
    }

    [Fact]
    public async Task A_cancelled_wait_is_told_once_and_sends_all_the_same()
    {
        _writer.CancelPendingFlush();
        Assert.True((await _writer.WriteAsync(Filled(10, 1))).IsCanceled);
        Assert.False((await _writer.WriteAsync(Filled(10, 2))).IsCanceled);
        byte[] expected = [.. Filled(10, 1), .. Filled(10, 2)];
        Assert.Equal(expected, await _pair.ReceiveAsync(20));
    }

    [Fact]
    public void Pages_of_the_cache_are_never_shown_as_writable_memory()
    {
        BodySegment page = RentPage(fill: 5);
        Memory<byte> shown = default;
        int sent = _writer.TrySend(new Spying(_writer, memory => shown = memory), new BytePieces(page.Memory), moreFollows: false);
        Assert.True(sent > 0);
        Assert.Equal(sent, shown.Length);
        Assert.Throws<NotSupportedException>(() => shown.Span[0]);
        Assert.Throws<NotSupportedException>(() => shown.Pin());
        _pool.TakeBack(page);
    }

    [Fact]
    public void Counting_other_bytes_than_were_sent_aborts_the_connection()
    {
        BodySegment page = RentPage(fill: 5);
        Assert.Throws<InvalidOperationException>(() => _writer.TrySend(new Spying(_writer, static _ => { }) { Extra = 1 }, new BytePieces(page.Memory), moreFollows: false));
        Assert.True(_connection.IsAborted);
        _pool.TakeBack(page);
    }

    [Fact]
    public void A_body_that_does_not_pass_straight_to_the_connection_gets_no_page()
    {
        BodySegment page = RentPage(fill: 5);
        Pipe other = new();
        Assert.Equal(0, _writer.TrySend(other.Writer, new BytePieces(page.Memory), moreFollows: false));
        Assert.Equal(0, _pair.Client.Available);

        // Nor is it left behind for whoever writes next.
        Assert.False(SentMemory.Is(_writer.GetMemory()));
        _pool.TakeBack(page);
    }

    [Fact]
    public void What_is_small_is_copied()
    {
        Assert.True(_writer.CanSend(DirectPipeWriter.MinBytes));
        Assert.False(_writer.CanSend(DirectPipeWriter.MinBytes - 1));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_page_is_referred_to_only_where_that_is_allowed(bool mayRefer)
    {
        DirectPipeWriter writer = new(_connection, _pair.Server.SafeHandle, _loop, isInline: true, mayRefer);
        BodySegment page = RentPage(fill: 5);
        Assert.InRange(writer.TrySend(writer, new BytePieces(page.Memory), moreFollows: false), 1, PageBytes);
        Assert.Equal(mayRefer && MemoryFile.IsSupported, ((Page)page.Token!).WasSent);
        _pool.TakeBack(page);
    }

    [Fact]
    public void Completed_it_takes_nothing_more()
    {
        _writer.Complete();
        _writer.Complete();
        Assert.Throws<InvalidOperationException>(() => _writer.GetMemory());
    }

    private static PagePool NewPool()
    {
        const long Bytes = 16 * PageBytes;
        return new PagePool(Bytes, MemoryFile.TryCreate(PagePool.FileBytesFor(Bytes), out _));
    }

    private static byte[] Filled(int bytes, byte value)
    {
        byte[] filled = new byte[bytes];
        filled.AsSpan().Fill(value);
        return filled;
    }

    private async Task ConnectAsync(int? bufferBytes)
    {
        _writer?.Complete();
        _pair?.Dispose();
        _pair = await SocketPair.ConnectAsync(bufferBytes);
        _writer = new DirectPipeWriter(_connection, _pair.Server.SafeHandle, _loop, isInline: true, mayRefer: true);
        DirectPipeWriter writer = _writer;
        _loop.Watch(_pair.Server.SafeHandle, new EventRecorder(_ => writer.Tell()));
    }

    private void Write(byte[] bytes)
    {
        bytes.CopyTo(_writer.GetMemory(bytes.Length));
        _writer.Advance(bytes.Length);
    }

    private BodySegment RentPage(byte fill)
    {
        Assert.True(_pool.TryReserve(1));
        BodySegment page = _pool.RentReserved(PageBytes, out _);
        page.Memory.Span.Fill(fill);
        return page;
    }

    /// <summary>A framework between the response and the connection.</summary>
    private sealed class Spying(PipeWriter inner, Action<Memory<byte>> onMemory) : PipeWriter
    {
        public int Extra { get; init; }

        public override Memory<byte> GetMemory(int sizeHint = 0)
        {
            Memory<byte> memory = inner.GetMemory(sizeHint);
            onMemory(memory);
            return memory;
        }

        public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

        public override void Advance(int bytes) => inner.Advance(bytes + Extra);

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => inner.FlushAsync(cancellationToken);

        public override void CancelPendingFlush() => inner.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);
    }
}
