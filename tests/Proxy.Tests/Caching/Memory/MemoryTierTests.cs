using S3Proxy.Caching;
using S3Proxy.Caching.Memory;
using S3Proxy.Coalescing;
using S3Proxy.Testing;

namespace S3Proxy.Tests.Caching.Memory;

/// <summary>Requirements C1, C7.</summary>
public sealed partial class MemoryTierTests : IDisposable
{
    private const int Page = PagePool.PageBytes;
    private readonly ManualTimeProvider _time = new();
    private readonly MemoryTier _tier;

    public MemoryTierTests()
    {
        // Eight pages, and room for what stands beside the slices in them.
        PagePool pool = new((8 * Page) + 8192);
        _tier = new MemoryTier(pool, new AdmissionFifoPolicy());
    }

    public void Dispose() => _tier.Dispose();

    [Fact]
    public async Task A_slice_is_found_with_its_bytes_until_it_is_evicted()
    {
        SliceKey key = Key("a");
        await FillAsync(key, Page, 0xAB);

        SharedBody body = _tier.FindSlice(key)!;
        Assert.Equal(-1, body.Peek(0).Span.IndexOfAnyExcept((byte)0xAB));

        _tier.Clear();
        Assert.Null(_tier.FindSlice(key));
        Assert.Equal(0, _tier.UsedBytes);
    }

    [Fact]
    public async Task An_incomplete_body_is_never_admitted()
    {
        using MemoryReservation reservation = (await _tier.ReserveAsync(Page, TimeSpan.Zero, _time, CancellationToken.None))!;
        SharedBody body = new(Page);
        body.GetWriteMemory(reservation);
        body.Publish(1);
        body.End(complete: true);

        Assert.Throws<InvalidOperationException>(() => _tier.AdmitSlice(Key("a"), body));
        body.Release();
    }

    [Fact]
    public async Task Who_waits_for_memory_hears_that_a_slice_became_evictable()
    {
        SharedBody filling = new(8 * Page);
        using (MemoryReservation reservation = (await _tier.ReserveAsync(8 * Page, TimeSpan.Zero, _time, CancellationToken.None))!)
        {
            while (filling.Watermark < filling.Length)
            {
                filling.Publish(filling.GetWriteMemory(reservation).Length);
            }
        }

        Task<MemoryReservation?> waiting = _tier.ReserveAsync(Page, TimeSpan.FromSeconds(5), _time, CancellationToken.None).AsTask();
        Assert.False(waiting.IsCompleted);

        // The filler's own reference goes first, so that nothing comes back to the pool when the slice is admitted.
        filling.End(complete: true);
        _tier.AdmitSlice(Key("a"), filling);
        filling.Release();

        using MemoryReservation? got = await waiting.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.NotNull(got);
    }

    [Fact]
    public async Task Room_is_made_by_eviction_and_the_budget_holds()
    {
        for (int i = 0; i < 40; i++)
        {
            await FillAsync(Key("k" + i), (i % 3 + 1) * 20_000, (byte)i);
            Assert.InRange(_tier.CommittedBytes, 0, _tier.BudgetBytes);
        }

        Assert.True(_tier.Evictions > 0);
    }

    [Fact]
    public async Task Many_small_entries_make_room_for_a_large_one()
    {
        for (int i = 0; i < 2000; i++)
        {
            await FillAsync(Key("small" + i), 1000, 1);
        }

        using MemoryReservation? reservation = await _tier.ReserveAsync(6 * Page, TimeSpan.Zero, _time, CancellationToken.None);

        Assert.NotNull(reservation);
    }

    [Fact]
    public async Task A_pinned_slice_is_not_overwritten_and_its_memory_comes_back_with_the_pin()
    {
        SliceKey key = Key("pinned");
        await FillAsync(key, 8 * Page, 0x11);
        using SharedBodyCursor reader = new();
        Assert.True(reader.TryMoveTo(_tier.FindSlice(key)!, 0));

        ValueTask<MemoryReservation?> waiting = _tier.ReserveAsync(Page, TimeSpan.FromSeconds(5), _time, CancellationToken.None);
        Assert.False(waiting.IsCompleted);
        Assert.Equal(-1, reader.Peek().Span.IndexOfAnyExcept((byte)0x11));
        reader.Dispose();

        using MemoryReservation? reservation = await waiting;
        Assert.NotNull(reservation);
    }

    [Fact]
    public async Task A_wait_for_memory_ends_at_its_limit()
    {
        using MemoryReservation all = (await _tier.ReserveAsync(8 * Page, TimeSpan.Zero, _time, CancellationToken.None))!;
        Task<MemoryReservation?> waiting = _tier.ReserveAsync(Page, TimeSpan.FromSeconds(5), _time, CancellationToken.None).AsTask();

        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Null(await waiting);
        Assert.Equal(8 * Page, _tier.ReservedBytes);
    }

    [Fact]
    public async Task Equal_slices_are_kept_once()
    {
        SliceKey key = Key("a");
        await FillAsync(key, Page, 1);
        await FillAsync(key, Page, 1);

        Assert.Equal(1, _tier.SliceCount);
        Assert.InRange(_tier.UsedBytes, Page, Page + 1000);
    }

    [Fact]
    public void Metadata_counts_against_the_budget_and_is_found_until_removed()
    {
        ObjectMetadata metadata = TestObjects.Metadata("a", size: 3);

        Assert.True(_tier.PutMetadata(metadata));
        Assert.Same(metadata, _tier.FindMetadata(metadata.Version.Id));
        Assert.InRange(_tier.UsedBytes, 1, 2000);
        Assert.True(_tier.RemoveMetadata(metadata.Version.Id));
        Assert.Null(_tier.FindMetadata(metadata.Version.Id));
        Assert.Equal(0, _tier.UsedBytes);
    }

    [Fact]
    public async Task Clearing_gives_every_counted_byte_back()
    {
        for (int i = 0; i < 20; i++)
        {
            Assert.True(_tier.PutMetadata(TestObjects.Metadata("small" + i, 100)));
            await FillAsync(new SliceKey(TestObjects.Version("small" + i, 100), 0), 100, (byte)i);
            await FillAsync(Key("large" + i), 40_000, (byte)i);
        }

        _tier.Clear();

        Assert.Equal(0, _tier.UsedBytes);
        Assert.Equal(0, _tier.SliceCount);
        Assert.Equal(0, _tier.ObjectCount);
    }

    /// <summary>The part of a body that does not fill a page takes what it needs, rounded up by a third at most, and not a page.</summary>
    [Theory]
    [InlineData(40_000, 102)]
    [InlineData(SegmentLayout.MaxSplitBytes, 76)]
    public async Task C1_bodies_take_about_as_much_memory_as_they_have_bytes(int bytes, int fit)
    {
        const int Pages = 64;
        const int Seed = 7;
        using MemoryTier tier = new(new PagePool((Pages * Page) + (200 * 2 * SliceEntry.OverheadBytes)), new AdmissionFifoPolicy());
        for (int i = 0; i < 200; i++)
        {
            await FillAsync(tier, Key("body" + i), bytes, (byte)(i + Seed));
        }

        // A body that comes is promised a page for each of its segments.
        Assert.InRange(tier.SliceCount, fit - (fit / 12), fit);
        for (int i = 0; i < 200; i++)
        {
            if (tier.FindSlice(Key("body" + i)) is { } body)
            {
                AssertAll(body, (byte)(i + Seed));
            }
        }
    }

    private static void AssertAll(SharedBody body, byte value)
    {
        int offset = 0;
        while (body.Peek(offset) is { IsEmpty: false } piece)
        {
            Assert.Equal(-1, piece.Span.IndexOfAnyExcept(value));
            offset += piece.Length;
        }

        Assert.Equal(body.Length, offset);
    }

    private static SliceKey Key(string name) => new(TestObjects.Version(name, 1 << 20), 0);

    private Task FillAsync(SliceKey key, int bytes, byte value) => FillAsync(_tier, key, bytes, value);

    private async Task FillAsync(MemoryTier tier, SliceKey key, int bytes, byte value)
    {
        using MemoryReservation reservation = (await tier.ReserveAsync(bytes, TimeSpan.Zero, _time, CancellationToken.None))!;
        SharedBody body = new(bytes);
        while (body.Watermark < bytes)
        {
            Memory<byte> memory = body.GetWriteMemory(reservation);
            memory.Span.Fill(value);
            body.Publish(memory.Length);
        }

        body.End(complete: true);
        tier.AdmitSlice(key, body);
        body.Release();
    }
}
