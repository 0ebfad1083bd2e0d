using System.Runtime.CompilerServices;
using S3Proxy.Caching;
using S3Proxy.Caching.Memory;
using S3Proxy.Coalescing;

namespace S3Proxy.Tests.Caching.Memory;

/// <summary>What a bucket's share remembers of its entries.</summary>
public sealed class BucketShareTests
{
    [Fact]
    public void Entries_that_left_by_another_way_are_soon_let_go()
    {
        BucketShare share = new(1, new MemoryQuota("main", "bound", 1 << 20));
        SliceEntry[] kept = [.. Enumerable.Range(0, 800).Select(Entry)];
        Array.ForEach(kept, share.Add);
        WeakReference[] left = AddAndRemove(share, 1000);

        GC.Collect();

        Assert.InRange(left.Count(entry => entry.IsAlive), 0, (kept.Length / 8) + 64);
        Assert.Same(kept[0], share.Oldest());
        GC.KeepAlive(kept);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference[] AddAndRemove(BucketShare share, int count)
    {
        SliceEntry[] entries = [.. Enumerable.Range(1000, count).Select(Entry)];
        Array.ForEach(entries, share.Add);
        Array.ForEach(entries, share.Remove);
        return [.. entries.Select(entry => new WeakReference(entry))];
    }

    private static SliceEntry Entry(int number) =>
        new(new SliceKey(new ObjectVersion(new ObjectId("main", "bound", $"k{number}"), "\"1\"", null, 100), 0), new SharedBody(100), audience: null);
}
