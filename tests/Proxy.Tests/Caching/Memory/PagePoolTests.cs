using S3Proxy.Caching.Memory;
using S3Proxy.Coalescing;
using S3Proxy.Native;
using CachePage = S3Proxy.Caching.Memory.Page;

namespace S3Proxy.Tests.Caching.Memory;

/// <summary>Requirement C7: never more memory than the budget, and all of it back.</summary>
public sealed class PagePoolTests : IDisposable
{
    private const int Page = PagePool.PageBytes;
    private readonly PagePool _pool = new(4 * Page);

    public void Dispose() => _pool.Dispose();

    [Fact]
    public void Promises_and_loans_together_never_pass_the_budget()
    {
        Assert.True(_pool.TryReserve(3));
        Assert.False(_pool.TryReserve(2));
        Assert.True(_pool.TryReserve(1));

        BodySegment segment = _pool.RentReserved(Page, out bool tookPage);
        Assert.True(tookPage);
        Assert.Equal(Page, _pool.UsedBytes);
        Assert.Equal(3 * Page, _pool.ReservedBytes);

        _pool.TakeBack(segment);
        _pool.CancelReservation(3);
        Assert.Equal(0, _pool.UsedBytes);
        Assert.Equal(0, _pool.ReservedBytes);
        Assert.True(_pool.TryReserve(4));
    }

    [Fact]
    public void Memory_that_is_lent_or_promised_outlives_the_pool()
    {
        Assert.True(_pool.TryReserve(2));
        BodySegment segment = _pool.RentReserved(Page, out _);

        _pool.Dispose();
        Assert.NotEqual(0, _pool.PageMemoryBytes);
        Assert.False(_pool.TryReserve(1));
        segment.Memory.Span.Fill(1);
        _pool.TakeBack(segment);
        Assert.NotEqual(0, _pool.PageMemoryBytes);

        _pool.CancelReservation(1);
        Assert.Equal(0, _pool.PageMemoryBytes);
    }

    [Fact]
    public void A_page_cannot_be_taken_without_a_promise() =>
        Assert.Throws<InvalidOperationException>(() => _pool.RentReserved(Page, out _));

    [Theory]
    [InlineData(1)]
    [InlineData(512)]
    [InlineData(513)]
    [InlineData(1024)]
    [InlineData(10_881)]
    [InlineData(PagePool.MaxBlockBytes)]
    public void Small_bodies_share_a_page_that_comes_back_with_the_last_of_them(int bytes)
    {
        Assert.True(_pool.TryReserve(1));
        List<BodySegment> lent = [_pool.RentReserved(bytes, out bool tookPage)];
        Assert.True(tookPage);
        while (true)
        {
            _pool.TryReserve(1);
            BodySegment next = _pool.RentReserved(bytes, out tookPage);
            if (tookPage)
            {
                _pool.TakeBack(next);
                break;
            }

            _pool.CancelReservation(1);
            lent.Add(next);
        }

        Assert.InRange(lent.Count, 2, 128);
        Assert.All(lent, segment => Assert.True(segment.Memory.Length >= bytes));
        AssertDisjoint(lent);
        Random.Shared.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(lent));
        foreach (BodySegment segment in lent)
        {
            Assert.Equal(Page, _pool.UsedBytes);
            _pool.TakeBack(segment);
        }

        Assert.Equal(0, _pool.UsedBytes);
    }

    [Fact]
    public void A_block_given_back_twice_is_refused()
    {
        _pool.TryReserve(1);
        BodySegment first = _pool.RentReserved(100, out _);
        BodySegment second = _pool.RentReserved(100, out _);
        _pool.TakeBack(second);

        Assert.Throws<InvalidOperationException>(() => _pool.TakeBack(second));
        _pool.TakeBack(first);
    }

    [Fact]
    public async Task Those_who_wait_for_memory_are_woken_when_it_comes_back()
    {
        _pool.TryReserve(4);
        Task released = _pool.WhenReleasedAsync();
        Assert.False(released.IsCompleted);

        _pool.CancelReservation(1);

        await released;
        Assert.True(_pool.TryReserve(1));
    }

    private static void AssertDisjoint(List<BodySegment> segments)
    {
        for (int i = 0; i < segments.Count; i++)
        {
            segments[i].Memory.Span.Fill((byte)i);
        }

        for (int i = 0; i < segments.Count; i++)
        {
            Assert.Equal(-1, segments[i].Memory.Span.IndexOfAnyExcept((byte)i));
        }
    }

    /// <summary>Nothing is punched that no socket was given, and nothing is lent again unpunched that one was.</summary>
    [Fact]
    public async Task A_page_that_was_sent_is_new_memory_when_it_is_lent_again()
    {
        if (!MemoryFile.IsSupported)
        {
            return;
        }

        const int Pages = 24;
        using PagePool pool = new(Pages * Page, MemoryFile.TryCreate(PagePool.FileBytesFor(Pages * Page), out _));
        using SocketPair pair = await SocketPair.ConnectAsync();
        BodySegment[] lent = RentAll(pool, Pages, fill: 1);
        int[] sent = [.. lent.Where((_, i) => i % 2 == 0).Select(segment => CachePage.TrySend(default, [segment.Memory[..1000]], pair.Server.SafeHandle, mayRefer: true, moreFollows: false))];
        Assert.All(sent, static bytes => Assert.Equal(1000, bytes));
        Array.ForEach(lent, segment => pool.TakeBack(segment));
        Assert.Equal(0, pool.UsedBytes);
        Assert.Equal(0, pool.PunchedPages);

        lent = RentAll(pool, Pages, fill: 2);
        Assert.Equal(Pages / 2, pool.PunchedPages);
        Assert.Equal(Pages * Page, pool.PageMemoryBytes);
        byte[] received = await pair.ReceiveAsync(sent.Sum());
        Assert.Equal(-1, received.AsSpan().IndexOfAnyExcept((byte)1));

        // Lent since and not sent, they need no second punch.
        Array.ForEach(lent, segment => pool.TakeBack(segment));
        lent = RentAll(pool, Pages, fill: 3);
        Assert.Equal(Pages / 2, pool.PunchedPages);
        Array.ForEach(lent, segment => pool.TakeBack(segment));
    }

    /// <summary>Pages that others are punching count as free, so a promise may have to be kept with memory that is not there yet.</summary>
    [Fact]
    public async Task Promises_are_kept_while_every_free_page_is_being_punched()
    {
        if (!MemoryFile.IsSupported)
        {
            return;
        }

        const int Pages = 64;
        using PagePool pool = new(Pages * Page, MemoryFile.TryCreate(PagePool.FileBytesFor(Pages * Page), out _));
        using SocketPair pair = await SocketPair.ConnectAsync();
        Task receiving = Task.Run(async () =>
        {
            byte[] buffer = new byte[Page];
            while (await pair.Client.ReceiveAsync(buffer) > 0)
            {
            }
        });
        await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(() =>
        {
            for (int round = 0; round < 200; round++)
            {
                BodySegment[] lent = RentAll(pool, Pages / 4, (byte)((writer * 50) + round));
                foreach (BodySegment segment in lent)
                {
                    Assert.Equal(-1, segment.Memory.Span.IndexOfAnyExcept((byte)((writer * 50) + round)));
                    CachePage.TrySend(default, [segment.Memory[..64]], pair.Server.SafeHandle, mayRefer: true, moreFollows: false);
                    pool.TakeBack(segment);
                }
            }
        })));
        pair.Server.Dispose();
        await receiving;
        Assert.Equal(0, pool.UsedBytes);
        Assert.InRange(pool.PageMemoryBytes, 1, 2 * Pages * Page);
    }

    /// <summary>Whoever runs out of the file's pages gets ordinary memory, which is copied.</summary>
    [Fact]
    public async Task Where_the_file_ends_native_memory_goes_on()
    {
        using PagePool pool = new(4 * Page, MemoryFile.TryCreate(2 * Page, out _));
        using SocketPair pair = await SocketPair.ConnectAsync();
        BodySegment[] lent = RentAll(pool, 4, fill: 1);
        Assert.All(lent, segment => Assert.Equal(1000, CachePage.TrySend(default, [segment.Memory[..1000]], pair.Server.SafeHandle, mayRefer: true, moreFollows: false)));
        Assert.Equal(MemoryFile.IsSupported ? 2 : 0, lent.Count(static segment => ((CachePage)segment.Token!).WasSent));
        Array.ForEach(lent, segment => pool.TakeBack(segment));
        Assert.All(await pair.ReceiveAsync(4000), static value => Assert.Equal(1, value));
    }

    /// <summary>A page is punched only after it has been read so often that copying would have cost as much.</summary>
    [Fact]
    public async Task A_page_that_is_read_seldom_is_copied_and_never_punched()
    {
        if (!MemoryFile.IsSupported)
        {
            return;
        }

        using PagePool pool = new(Page, MemoryFile.TryCreate(PagePool.FileBytesFor(Page), out _), copiedFirst: 3000);
        using SocketPair pair = await SocketPair.ConnectAsync();
        for (int loan = 0; loan < 3; loan++)
        {
            BodySegment[] lent = RentAll(pool, 1, fill: 1);
            for (int read = 0; read < 3; read++)
            {
                Assert.Equal(1000, CachePage.TrySend(default, [lent[0].Memory[..1000]], pair.Server.SafeHandle, mayRefer: true, moreFollows: false));
            }

            Assert.False(((CachePage)lent[0].Token!).WasSent);
            pool.TakeBack(lent[0]);
        }

        BodySegment often = RentAll(pool, 1, fill: 1)[0];
        for (int read = 0; read < 4; read++)
        {
            CachePage.TrySend(default, [often.Memory[..1000]], pair.Server.SafeHandle, mayRefer: true, moreFollows: false);
        }

        Assert.True(((CachePage)often.Token!).WasSent);
        pool.TakeBack(often);
        Assert.Equal(0, pool.PunchedPages);
        pool.TakeBack(RentAll(pool, 1, fill: 2)[0]);
        Assert.Equal(1, pool.PunchedPages);
    }

    private static BodySegment[] RentAll(PagePool pool, int pages, byte fill)
    {
        Assert.True(pool.TryReserve(pages));
        BodySegment[] lent = [.. Enumerable.Range(0, pages).Select(_ => pool.RentReserved(Page, out bool _))];
        Array.ForEach(lent, segment => segment.Memory.Span.Fill(fill));
        return lent;
    }
}
