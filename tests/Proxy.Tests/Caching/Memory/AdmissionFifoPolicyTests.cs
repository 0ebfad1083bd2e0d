using S3Proxy.Caching;
using S3Proxy.Caching.Memory;

namespace S3Proxy.Tests.Caching.Memory;

/// <summary>Requirement C1: scan-resistant, by bytes.</summary>
public sealed class AdmissionFifoPolicyTests
{
    private const int Budget = 1000;

    [Fact]
    public void What_is_asked_for_once_leaves_first()
    {
        AdmissionFifoPolicy policy = new();
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
        AdmissionFifoPolicy policy = new();
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

        // The sketch may take a scanned entry for a wanted one now and then, not often.
        Assert.InRange(hot.Count(entry => entry.Queue != EntryQueue.None), 45, 50);
    }

    [Fact]
    public void What_is_asked_for_again_and_again_comes_in_although_it_left_each_time()
    {
        AdmissionFifoPolicy policy = Full();
        bool isIn = false;
        for (int i = 0; i < 5 && !isIn; i++)
        {
            Entry wanted = new(7, 10);
            policy.Add(wanted);
            for (int scanned = 0; scanned < 20; scanned++)
            {
                Assert.NotNull(policy.Evict());
                policy.Add(new Entry(10_000 + (100 * i) + scanned, 10));
            }

            isIn = wanted.Queue != EntryQueue.None;
        }

        Assert.True(isIn);
    }

    [Fact]
    public void A_loop_over_more_than_fits_keeps_a_part_and_not_nothing()
    {
        const int Fits = 100;
        const int Loop = 300;
        AdmissionFifoPolicy policy = new();
        Dictionary<int, Entry> cached = [];
        int hits = 0;
        for (int step = 0; step < 20 * Loop; step++)
        {
            int number = step % Loop;
            if (cached.TryGetValue(number, out Entry? entry))
            {
                entry.Touch();
                hits++;
                continue;
            }

            if (cached.Count == Fits)
            {
                cached.Remove(((Entry)policy.Evict()!).Number);
            }

            cached.Add(number, entry = new Entry(number, 10));
            policy.Add(entry);
        }

        Assert.InRange(hits, 20 * Loop / 5, 20 * Loop / 3);
    }

    /// <summary>Whatever is added, touched, resized and removed: nothing is evicted twice, nothing is lost, and what was removed stays so.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(20261121)]
    public void Every_entry_leaves_exactly_once(int seed)
    {
        Random random = new(seed);
        AdmissionFifoPolicy policy = new();
        List<Entry> held = [];
        for (int step = 0; step < 20_000; step++)
        {
            Entry? any = held.Count == 0 ? null : held[random.Next(held.Count)];
            switch (random.Next(8))
            {
                case 0 or 1 or 2:
                    Entry added = new(random.Next(500), random.Next(1, 100_000)) { Awaited = random.Next(10) == 0 };
                    held.Add(added);
                    policy.Add(added);
                    break;
                case 3 or 4:
                    any?.Touch();
                    break;
                case 5 when any is not null:
                    policy.Resize(any, random.Next(1, 100_000));
                    break;
                case 6 when any is not null:
                    policy.Remove(any);
                    policy.Remove(any);
                    held.Remove(any);
                    break;
                default:
                    CacheEntry? evicted = policy.Evict();
                    Assert.Equal(held.Count == 0, evicted is null);
                    Assert.True(evicted is null || held.Remove((Entry)evicted));
                    break;
            }

            Assert.Equal(held.Count, policy.Count);
        }

        while (policy.Evict() is { } evicted)
        {
            Assert.Equal(EntryQueue.None, evicted.Queue);
            Assert.True(held.Remove((Entry)evicted));
        }

        Assert.Empty(held);
    }

    [Fact]
    public void Removed_entries_are_not_evicted_and_an_empty_policy_has_nothing_to_evict()
    {
        AdmissionFifoPolicy policy = new();
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
        AdmissionFifoPolicy policy = new();
        Entry awaited = new(1, 10) { Awaited = true };
        Entry other = new(2, 10);
        policy.Add(awaited);
        policy.Add(other);

        Assert.Same(other, policy.Evict());
        Assert.Same(awaited, policy.Evict());
        Assert.Null(policy.Evict());
    }

    [Fact]
    public void Of_two_that_were_asked_for_once_the_older_leaves()
    {
        AdmissionFifoPolicy policy = Full();
        for (int i = 0; i < 10; i++)
        {
            policy.Add(new Entry(2000 + i, 10));
        }

        for (int i = 0; i < 10; i++)
        {
            Assert.InRange(Assert.IsType<Entry>(policy.Evict()).Number, 1000, 1999);
        }
    }

    [Fact]
    public void What_is_awaited_gets_the_place_of_what_is_not()
    {
        AdmissionFifoPolicy policy = Full();
        Entry awaited = new(2000, 10) { Awaited = true };
        policy.Add(awaited);
        for (int i = 0; i < 101; i++)
        {
            policy.Add(new Entry(3000 + i, 10));
            Assert.NotSame(awaited, policy.Evict());
        }
    }

    /// <summary>A policy that holds as many cold entries as a cache would, and has had to evict.</summary>
    private static AdmissionFifoPolicy Full()
    {
        AdmissionFifoPolicy policy = new();
        for (int i = 0; i < 101; i++)
        {
            policy.Add(new Entry(1000 + i, 10));
        }

        policy.Evict();
        return policy;
    }

    private sealed class Entry(int hash, int bytes) : CacheEntry(hash, bytes)
    {
        public int Number => Hash;

        public bool Awaited { get; init; }

        public override bool IsAwaited => Awaited;

        public override BucketId Place => default;
    }
}
