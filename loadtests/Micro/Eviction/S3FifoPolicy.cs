using S3Proxy.Caching.Memory;

namespace S3Proxy.Micro.Eviction;

/// <summary>
/// S3-FIFO (Yang et al., "FIFO queues are all you need for cache eviction", SOSP 2023), weighted by bytes: new entries wait in a small queue
/// that a scan can fill without touching the main queue; what is asked for again there moves to main; what leaves the small queue is remembered by
/// hash, so that a return goes to main at once.
/// </summary>
internal sealed class S3FifoPolicy(long budgetBytes) : IEvictionPolicy
{
    private const int SmallShare = 10;

    /// <summary>How many awaited entries one eviction may pass over before it takes one all the same.</summary>
    private const int MaxSpared = 64;

    private const byte Small = 1;
    private const byte Main = 2;

    private readonly EntryQueue _small = new(Small);
    private readonly EntryQueue _main = new(Main);
    private readonly GhostQueue _ghosts = new(budgetBytes);

    public int Count => _small.Count + _main.Count;

    public void Add(CacheEntry entry)
    {
        entry.Frequency = 0;
        (_ghosts.Remove(entry.Hash) ? _main : _small).Enqueue(entry);
    }

    public void Remove(CacheEntry entry) => QueueOf(entry)?.Remove(entry);

    public void Resize(CacheEntry entry, int bytes) => QueueOf(entry)?.Resize(entry, bytes);

    public CacheEntry? Evict()
    {
        int spared = 0;
        bool fromSmall = _main.Count == 0 || _small.Bytes > budgetBytes / SmallShare;
        return (fromSmall ? EvictSmall(ref spared) : null) ?? EvictMain(ref spared) ?? EvictSmall(ref spared);
    }

    private CacheEntry? EvictSmall(ref int spared)
    {
        while (_small.Dequeue() is { } entry)
        {
            if (IsSpared(entry, ref spared))
            {
                _small.Enqueue(entry);
                continue;
            }

            if (entry.Frequency <= 1)
            {
                _ghosts.Add(entry.Hash, entry.Bytes);
                return entry;
            }

            entry.Frequency = 0;
            _main.Enqueue(entry);
        }

        return null;
    }

    private CacheEntry? EvictMain(ref int spared)
    {
        // Each turn evicts or lowers a frequency, which is small, so this ends.
        while (_main.Dequeue() is { } entry)
        {
            if (IsSpared(entry, ref spared))
            {
                _main.Enqueue(entry);
                continue;
            }

            if (entry.Frequency == 0)
            {
                return entry;
            }

            entry.Frequency--;
            _main.Enqueue(entry);
        }

        return null;
    }

    private EntryQueue? QueueOf(CacheEntry entry) => entry.Queue switch
    {
        Small => _small,
        Main => _main,
        _ => null,
    };

    private static bool IsSpared(CacheEntry entry, ref int spared) => spared < MaxSpared && entry.IsAwaited && ++spared > 0;
}
