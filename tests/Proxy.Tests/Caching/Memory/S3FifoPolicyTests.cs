using S3Proxy.Caching.Memory;

namespace S3Proxy.Tests.Caching.Memory;

/// <summary>Requirement C1: scan-resistant, by bytes.</summary>
public sealed class S3FifoPolicyTests
{
    private const int Budget = 1000;

    [Fact]
    public void What_is_asked_for_once_leaves_first()
    {
        S3FifoPolicy policy = new(Budget);
        Entry hot = new(1, 10);
        Entry cold = new(2, 10);
        policy.Add(hot);
        policy.Add(cold);
        hot.Touch();
        hot.Touch();

        Assert.Same(cold, policy.Evict());
        Assert.Equal(1, policy.Count);
    }

    [Fact]
    public void A_scan_does_not_drive_out_what_is_hot()
    {
        S3FifoPolicy policy = new(Budget);
        Entry[] hot = [.. Enumerable.Range(0, 50).Select(i => new Entry(i, 10))];
        foreach (Entry entry in hot)
        {
            policy.Add(entry);
            entry.Touch();
            entry.Touch();
        }

        long held = 500;
        for (int i = 0; i < 10_000; i++)
        {
            policy.Add(new Entry(1000 + i, 10));
            held += 10;
            while (held > Budget)
            {
                held -= policy.Evict()!.Bytes;
            }
        }

        Assert.All(hot, entry => Assert.NotEqual(EntryQueue.None, entry.Queue));
    }

    [Fact]
    public void What_comes_back_soon_after_it_left_goes_to_the_main_queue()
    {
        S3FifoPolicy policy = new(Budget);
        policy.Add(new Entry(7, 10));
        Assert.NotNull(policy.Evict());
        Entry back = new(7, 10);
        policy.Add(back);
        for (int i = 0; i < 50; i++)
        {
            policy.Add(new Entry(100 + i, 10));
        }

        for (int i = 0; i < 40; i++)
        {
            Assert.NotSame(back, policy.Evict());
        }
    }

    [Fact]
    public void Removed_entries_are_not_evicted_and_an_empty_policy_has_nothing_to_evict()
    {
        S3FifoPolicy policy = new(Budget);
        Entry entry = new(1, 10);
        policy.Add(entry);
        policy.Remove(entry);
        policy.Remove(entry);

        Assert.Null(policy.Evict());
        Assert.Equal(0, policy.Count);
    }

    [Fact]
    public void What_somebody_is_on_the_way_to_is_evicted_last_and_never_blocks_eviction()
    {
        S3FifoPolicy policy = new(Budget);
        Entry awaited = new(1, 10) { Awaited = true };
        Entry other = new(2, 10);
        policy.Add(awaited);
        policy.Add(other);

        Assert.Same(other, policy.Evict());
        Assert.Same(awaited, policy.Evict());
        Assert.Null(policy.Evict());
    }

    private sealed class Entry(int hash, int bytes) : CacheEntry(hash, bytes)
    {
        public bool Awaited { get; init; }

        public override bool IsAwaited => Awaited;
    }
}
