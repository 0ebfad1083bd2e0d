namespace S3Proxy.Caching.Memory;

/// <summary>A first-in-first-out queue of entries linked through themselves, counted in bytes. Not thread-safe.</summary>
internal sealed class EntryQueue
{
    private CacheEntry? _newest;
    private CacheEntry? _oldest;

    public long Bytes { get; private set; }

    public int Count { get; private set; }

    public void Enqueue(CacheEntry entry)
    {
        entry.Queue = this;
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

        entry.Queue = null;
        entry.Newer = null;
        entry.Older = null;
        Bytes -= entry.Bytes;
        Count--;
    }
}
