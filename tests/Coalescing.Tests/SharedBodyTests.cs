namespace S3Proxy.Coalescing.Tests;

/// <summary>Requirements F3, F4, F6, F11; invariants 2, 3, 4, 9.</summary>
public sealed class SharedBodyTests
{
    private readonly ArraySegmentPool _pool = new();

    [Fact]
    public void A_late_reader_starts_at_byte_0()
    {
        SharedBody body = new(10);
        Write(body, [1, 2, 3, 4]);
        using SharedBodyCursor late = Open(body, 0);

        Assert.Equal([1, 2, 3, 4], late.Peek().ToArray());
        body.Release();
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(10, SharedBody.SegmentBytes, 2)]
    [InlineData(0, SharedBody.SegmentBytes + 1, 2)]
    [InlineData(SharedBody.SegmentBytes, int.MaxValue, 2)]
    [InlineData(0, int.MaxValue, 3)]
    [InlineData((2 * SharedBody.SegmentBytes) + 17, 5, 0)]
    public void Pieces_are_all_that_is_there_within_the_bound(int offset, int atMost, int count)
    {
        byte[] expected = new byte[(2 * SharedBody.SegmentBytes) + 17];
        new Random(1).NextBytes(expected);
        SharedBody body = new(expected.Length + SharedBody.SegmentBytes);
        for (int written = 0; written < expected.Length;)
        {
            Memory<byte> memory = body.GetWriteMemory(_pool);
            int take = Math.Min(memory.Length, expected.Length - written);
            expected.AsMemory(written, take).CopyTo(memory);
            body.Publish(take);
            written += take;
        }

        using SharedBodyCursor cursor = Open(body, offset);
        ReadOnlyMemory<byte>[] pieces = new ReadOnlyMemory<byte>[8];
        Assert.Equal(count, cursor.Peek(pieces, atMost, out int bytes));
        Assert.Equal(Math.Min(atMost, expected.Length - offset), bytes);
        Assert.Equal(expected.AsSpan(offset, bytes).ToArray(), pieces.SelectMany(piece => piece.ToArray()).ToArray());
        Assert.Equal(Math.Min(count, 1), cursor.Peek(pieces.AsSpan(0, 1), atMost, out _));
        body.Release();
    }

    [Fact]
    public async Task Readers_see_bytes_as_they_are_published_and_no_earlier()
    {
        SharedBody body = new(4);
        using SharedBodyCursor cursor = Open(body, 0);
        Task<SharedBodyStatus> wait = cursor.WaitAsync(CancellationToken.None).AsTask();
        body.GetWriteMemory(_pool).Span[0] = 9;
        Assert.False(wait.IsCompleted);

        body.Publish(1);

        Assert.Equal(SharedBodyStatus.Readable, await wait);
        Assert.Equal([9], cursor.Peek().ToArray());
        body.Release();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(SharedBody.SegmentBytes)]
    [InlineData(SharedBody.SegmentBytes + 1)]
    [InlineData((3 * SharedBody.SegmentBytes) + 17)]
    [InlineData(SegmentLayout.HalfBytes)]
    [InlineData(SegmentLayout.HalfBytes + 1)]
    [InlineData(SegmentLayout.MaxSplitBytes)]
    [InlineData(SegmentLayout.MaxSplitBytes + 1)]
    [InlineData((2 * SharedBody.SegmentBytes) + SegmentLayout.HalfBytes + 17)]
    public async Task Every_reader_gets_every_byte_once_in_order(int length)
    {
        byte[] expected = new byte[length];
        new Random(length).NextBytes(expected);
        SharedBody body = new(length);
        Task<byte[]>[] readers = [.. Enumerable.Range(0, 8).Select(_ => ReadAllAsync(Open(body, 0)))];

        int offset = 0;
        Random sizes = new(1);
        while (offset < length)
        {
            Memory<byte> memory = body.GetWriteMemory(_pool);
            int take = Math.Min(memory.Length, sizes.Next(1, 20_000));
            expected.AsMemory(offset, take).CopyTo(memory);
            body.Publish(take);
            offset += take;
            await Task.Yield();
        }

        body.End(complete: true);
        foreach (Task<byte[]> reader in readers)
        {
            Assert.Equal(expected, await reader);
        }

        body.Release();
        Assert.Equal(0, _pool.Out);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_short_body_never_ends_cleanly(bool claimsComplete)
    {
        // Pingora #931, #932: a truncated body was presented as whole.
        SharedBody body = new(5);
        Write(body, [1, 2, 3]);
        using SharedBodyCursor waiting = Open(body, 3);
        Task<SharedBodyStatus> wait = waiting.WaitAsync(CancellationToken.None).AsTask();

        body.End(claimsComplete);

        Assert.Equal(SharedBodyStatus.Failed, await wait);
        using SharedBodyCursor behind = Open(body, 0);
        Assert.Equal([1, 2, 3], behind.Peek().ToArray());
        Assert.False(body.IsComplete);
        body.Release();
    }

    [Fact]
    public void More_bytes_than_promised_are_refused()
    {
        SharedBody body = new(2);
        Write(body, [1, 2]);

        Assert.True(body.GetWriteMemory(_pool).IsEmpty);
        Assert.Throws<ArgumentOutOfRangeException>(() => body.Publish(1));
        body.Release();
    }

    [Fact]
    public async Task A_readers_cancellation_ends_its_own_wait_only()
    {
        SharedBody body = new(1);
        using SharedBodyCursor leaving = Open(body, 0);
        using SharedBodyCursor staying = Open(body, 0);
        using CancellationTokenSource client = new();
        Task<SharedBodyStatus> left = leaving.WaitAsync(client.Token).AsTask();
        Task<SharedBodyStatus> stayed = staying.WaitAsync(CancellationToken.None).AsTask();

        await client.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        Write(body, [1]);

        Assert.Equal(SharedBodyStatus.Readable, await stayed);
        Assert.Equal(SharedBodyStatus.Readable, await leaving.WaitAsync(CancellationToken.None));
        body.Release();
    }

    [Fact]
    public void Memory_goes_back_with_the_last_reference_and_cannot_be_opened_after()
    {
        SharedBody body = new(3);
        Write(body, [1, 2, 3]);
        body.End(complete: true);
        SharedBodyCursor reader = Open(body, 0);

        Assert.False(body.Release());
        Assert.Equal(1, _pool.Out);
        Assert.Equal([1, 2, 3], reader.Peek().ToArray());
        reader.Dispose();
        reader.Dispose();

        Assert.Equal(0, _pool.Out);
        Assert.False(new SharedBodyCursor().TryMoveTo(body, 0));
        Assert.Throws<InvalidOperationException>(() => body.Release());
    }

    [Fact]
    public void A_parked_reader_holds_no_memory_and_finds_out_when_it_is_gone()
    {
        SharedBody body = new(2);
        Write(body, [1, 2]);
        body.End(complete: true);
        using SharedBodyCursor reader = Open(body, 1);

        reader.Park();
        Assert.True(reader.TryUnpark());
        Assert.Equal(1, reader.Offset);
        reader.Park();
        body.Release();

        Assert.Equal(0, _pool.Out);
        Assert.False(reader.TryUnpark());
        Assert.Throws<InvalidOperationException>(() => reader.Peek());
    }

    [Fact]
    public async Task Racing_cancellation_publication_and_end_wake_each_wait_exactly_once()
    {
        for (int round = 0; round < 300; round++)
        {
            SharedBody body = new(2);
            using CancellationTokenSource client = new();
            Task[] readers = [.. Enumerable.Range(0, 6).Select(i => Task.Run(async () =>
            {
                using SharedBodyCursor cursor = Open(body, 0);
                try
                {
                    while (true)
                    {
                        SharedBodyStatus status = await cursor.WaitAsync(i % 2 == 0 ? client.Token : CancellationToken.None);
                        if (status != SharedBodyStatus.Readable)
                        {
                            return;
                        }

                        cursor.Advance(cursor.Peek().Length);
                    }
                }
                catch (OperationCanceledException)
                {
                    Assert.Equal(0, i % 2);
                }
            }))];
            Task writer = Task.Run(() =>
            {
                Write(body, [1]);
                Write(body, [2]);
                body.End(complete: true);
            });
            client.Cancel();
            await writer;
            await Task.WhenAll(readers);
            body.Release();
        }

        Assert.Equal(0, _pool.Out);
    }

    private static SharedBodyCursor Open(SharedBody body, int offset)
    {
        SharedBodyCursor cursor = new();
        Assert.True(cursor.TryMoveTo(body, offset));
        return cursor;
    }

    private static async Task<byte[]> ReadAllAsync(SharedBodyCursor cursor)
    {
        using (cursor)
        {
            using MemoryStream all = new();
            while (await cursor.WaitAsync(CancellationToken.None) == SharedBodyStatus.Readable)
            {
                ReadOnlyMemory<byte> bytes = cursor.Peek();
                all.Write(bytes.Span);
                cursor.Advance(bytes.Length);
            }

            return all.ToArray();
        }
    }

    private void Write(SharedBody body, byte[] bytes)
    {
        bytes.CopyTo(body.GetWriteMemory(_pool));
        body.Publish(bytes.Length);
    }
}
