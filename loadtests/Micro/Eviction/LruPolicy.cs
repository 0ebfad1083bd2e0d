using S3Proxy.Caching.Memory;

namespace S3Proxy.Micro.Eviction;

/// <summary>Least recently used leaves first.</summary>
internal sealed class LruPolicy : IEvictionPolicy
{
    private readonly EntryQueue _queue = new(1);

    public int Count => _queue.Count;

    public void Add(CacheEntry entry) => _queue.Enqueue(entry);

    public void OnHit(CacheEntry entry)
    {
        _queue.Remove(entry);
        _queue.Enqueue(entry);
    }

    public void Remove(CacheEntry entry)
    {
        if (entry.Queue != EntryQueue.None)
        {
            _queue.Remove(entry);
        }
    }

    public void Resize(CacheEntry entry, int bytes) => _queue.Resize(entry, bytes);

    public CacheEntry? Evict() => _queue.Dequeue();
}
