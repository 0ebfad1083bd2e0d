using S3Proxy.Caching;
using S3Proxy.Caching.Memory;

namespace S3Proxy.Tests.Caching.Memory;

/// <summary>Requirement C1: classes of size, and what stands in them.</summary>
public sealed class SizedQueuesTests
{
    private const byte First = 5;

    [Theory]
    [InlineData(1, 64)]
    [InlineData(1024, 64)]
    [InlineData(1025, 51)]
    [InlineData(2048, 51)]
    [InlineData(2049, 40)]
    [InlineData(32 * 1024, 20)]
    [InlineData((32 * 1024) + 1, 16)]
    [InlineData(int.MaxValue, 16)]
    public void A_use_is_worth_less_with_each_doubling(int bytes, int worth)
    {
        Assert.Equal(worth, SizedQueues.WorthOf(new Entry(bytes), 1));
        Assert.Equal(FrequencySketch.Most * worth, SizedQueues.WorthOf(new Entry(bytes), FrequencySketch.Most));
    }

    [Fact]
    public void What_changes_its_class_is_the_newest_of_the_other_and_counted_once()
    {
        SizedQueues queues = new(First);
        Entry[] entries = [new(1000), new(1000), new(3000)];
        foreach (Entry entry in entries)
        {
            queues.Enqueue(entry);
        }

        queues.Resize(entries[0], 900);
        Assert.Same(entries[0], queues.All[0].Oldest);

        queues.Resize(entries[0], 4000);
        Assert.Same(entries[1], queues.All[0].Oldest);
        Assert.Same(entries[2], queues.All[2].Oldest);
        Assert.Equal(2, queues.All[2].Count);
        Assert.Equal(3, queues.Count);
        Assert.Equal(8000, queues.Bytes);

        foreach (Entry entry in entries)
        {
            Assert.True(queues.Holds(entry));
            queues.Remove(entry);
            Assert.False(queues.Holds(entry));
        }

        Assert.Equal(0, queues.Count);
        Assert.Equal(0, queues.Bytes);
    }

    /// <summary>However often the clock has gone round.</summary>
    [Fact]
    public void What_stays_while_others_leave_loses_rank()
    {
        SizedQueues queues = new(First);
        for (int turn = 0; turn < 100; turn++)
        {
            Entry small = new(1000);
            queues.Enqueue(small);
            for (int evicted = 0; evicted < 60; evicted++)
            {
                Entry large = new(1 << 20);
                queues.Enqueue(large);
                Assert.Equal((FrequencySketch.Most * 64) - (16 * evicted), queues.RankOf(small, FrequencySketch.Most));
                queues.Evict(large, queues.RankOf(large, 1));
            }

            Assert.Equal(0, queues.RankOf(small, FrequencySketch.Most));
            queues.Evict(small, queues.RankOf(small, FrequencySketch.Most));
        }
    }

    private sealed class Entry(int bytes) : CacheEntry(bytes, bytes)
    {
        public override BucketId Place => default;
    }
}
