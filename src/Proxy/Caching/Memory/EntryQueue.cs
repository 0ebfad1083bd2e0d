namespace S3Proxy.Caching.Memory;

/// <summary>A first-in-first-out queue of entries linked through themselves, counted in bytes. Not thread-safe.</summary>
/// <param name="number">What entries know it by; an entry has no room for a reference.</param>
internal sealed class EntryQueue(byte number)
{
    /// <summary>The number of no queue.</summary>
    public const byte None = 0;

    private CacheEntry? _newest;
    private CacheEntry? _oldest;

    public long Bytes { get; private set; }

    public int Count { get; private set; }

    /// <summary>The entry that has stood here longest; null when there is none.</summary>
    public CacheEntry? Oldest => _oldest;

    public void Enqueue(CacheEntry entry)
    {
        entry.Queue = number;
        entry.Older = _newest;
        entry.Newer = null;
        if (_newest is null)
        {
            _oldest = entry;
        }
        else
        {
            _newest.Newer = entry;
        }

        _newest = entry;
        Bytes += entry.Bytes;
        Count++;
    }

    public CacheEntry? Dequeue()
    {
        CacheEntry? oldest = _oldest;
        if (oldest is not null)
        {
            Remove(oldest);
        }

        return oldest;
    }

    /// <summary>Tells that an entry that stands in this queue has become larger, or smaller.</summary>
    public void Resize(CacheEntry entry, int bytes)
    {
        Bytes += bytes - entry.Bytes;
        entry.Bytes = bytes;
    }

    /// <summary>Takes out an entry that stands in this queue.</summary>
    public void Remove(CacheEntry entry)
    {
        if (entry.Newer is null)
        {
            _newest = entry.Older;
        }
        else
        {
            entry.Newer.Older = entry.Older;
        }

        if (entry.Older is null)
        {
            _oldest = entry.Newer;
        }
        else
        {
            entry.Older.Newer = entry.Newer;
        }

        entry.Queue = None;
        entry.Newer = null;
        entry.Older = null;
        Bytes -= entry.Bytes;
        Count--;
    }
}
