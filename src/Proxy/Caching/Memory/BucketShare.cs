namespace S3Proxy.Caching.Memory;

/// <summary>What a bucket with a quota holds: its bytes, and its entries in the order in which they came. Not thread-safe.</summary>
/// <param name="number">What entries know it by, from 1; an entry has no room for a reference.</param>
/// <param name="quota">The bound.</param>
internal sealed class BucketShare(int number, MemoryQuota quota)
{
    /// <summary>The number of no share.</summary>
    public const int None = 0;

    /// <summary>How many entries that were asked for, or are awaited, one eviction may pass over before it takes one all the same.</summary>
    private const int MaxSpared = 64;

    /// <summary>Places of entries that have left are swept when they are more than an eighth of those that are here, and this: until then they keep what the entries refer to.</summary>
    private const int LeastSwept = 64;

    // Those that left by another way stay until they come up, or are swept.
    private readonly Queue<CacheEntry> _entries = new();
    private int _count;

    public MemoryQuota Quota => quota;

    public long Bytes { get; private set; }

    public bool IsOver => Bytes > quota.Bytes;

    /// <summary>Whether it waits for its turn to be brought down to its quota.</summary>
    public bool IsListed { get; set; }

    /// <summary>Takes in an entry that the policy holds.</summary>
    public void Add(CacheEntry entry)
    {
        entry.Share = number;
        Bytes += entry.Bytes;
        _count++;
        _entries.Enqueue(entry);
    }

    /// <summary>Forgets an entry of its own that has left the policy.</summary>
    public void Remove(CacheEntry entry)
    {
        entry.Share = None;
        Bytes -= entry.Bytes;
        _count--;
        if (_entries.Count > _count + (_count / 8) + LeastSwept)
        {
            Sweep();
        }
    }

    /// <summary>Tells that an entry of its own becomes larger, or smaller.</summary>
    public void Resize(CacheEntry entry, int bytes) => Bytes += bytes - entry.Bytes;

    /// <summary>The oldest entry that nobody has asked for since it came up last, and nobody awaits; null when there is none at all. It stays until it is removed.</summary>
    public CacheEntry? Oldest()
    {
        int spared = 0;
        while (_entries.TryPeek(out CacheEntry? entry))
        {
            if (entry.Share != number)
            {
                _entries.Dequeue();
            }
            else if (spared < MaxSpared && (entry.Frequency > 0 || entry.IsAwaited))
            {
                entry.Frequency = Math.Max(0, entry.Frequency - 1);
                spared++;
                _entries.Enqueue(_entries.Dequeue());
            }
            else
            {
                return entry;
            }
        }

        return null;
    }

    private void Sweep()
    {
        for (int places = _entries.Count; places > 0; places--)
        {
            CacheEntry entry = _entries.Dequeue();
            if (entry.Share == number)
            {
                _entries.Enqueue(entry);
            }
        }
    }
}
