using S3Proxy.Caching.Memory;
using S3Proxy.Coalescing;

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
}
