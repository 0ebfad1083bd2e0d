namespace S3Proxy.Caching.Memory;

/// <summary>
/// Two first-in-first-out queues as in S3-FIFO (Yang et al., "FIFO queues are all you need for cache eviction", SOSP 2023), with the admission of TinyLFU (Einziger,
/// Friedman and Manes, ACM ToS 2017) between them, weighted by bytes. New entries wait in a small queue, which a scan can fill without touching the main queue. What is
/// asked for there, or awaited, moves to main; what is not takes the place of main's next to leave only if it has been asked for more often lately, in the cache or not, or if that one
/// was asked for but once as well: of two such the older leaves, so that those who follow a long read find it.
/// </summary>
/// <remarks>
/// A hit only marks its entry (<see cref="CacheEntry.Touch"/>), so that hits take no lock; the marks are counted when the entry comes up for eviction. Why this one:
/// docs/decisions/0017.
/// </remarks>
internal sealed class AdmissionFifoPolicy : IEvictionPolicy
{
    private const byte Small = 1;
    private const byte Main = 2;

    /// <summary>
    /// The small queue's part of all bytes, one in so many. A smaller one has a few more hits; those who follow a long read at some distance want a larger one.
    /// </summary>
    private const int SmallShare = 20;

    /// <summary>How many awaited entries one eviction may pass over before it takes one all the same.</summary>
    private const int MaxSpared = 64;

    private readonly EntryQueue _small = new(Small);
    private readonly EntryQueue _main = new(Main);
    private readonly FrequencySketch _sketch = new();

    private long TotalBytes => _small.Bytes + _main.Bytes;

    public int Count => _small.Count + _main.Count;

    public void Add(CacheEntry entry)
    {
        entry.Frequency = 0;
        _small.Enqueue(entry);
        _sketch.EnsureEntries(Count);
        _sketch.Count(entry.Hash, 1);
    }

    public void Remove(CacheEntry entry) => QueueOf(entry)?.Remove(entry);

    public void Resize(CacheEntry entry, int bytes) => QueueOf(entry)?.Resize(entry, bytes);

    public CacheEntry? Evict()
    {
        int spared = 0;
        FillMain();
        if (_small.Bytes > TotalBytes / SmallShare && NextCandidate(ref spared) is { } candidate)
        {
            CacheEntry? victim = NextVictim(ref spared);
            _small.Remove(candidate);
            if (victim is null || victim.IsAwaited || IsWorthMore(victim, candidate))
            {
                return candidate;
            }

            _main.Remove(victim);
            _main.Enqueue(candidate);
            return victim;
        }

        if (NextVictim(ref spared) is { } last)
        {
            _main.Remove(last);
            return last;
        }

        return _small.Dequeue();
    }

    /// <summary>Gives main its part when it has far less: nothing has been evicted yet, so nobody could prefer one entry to another.</summary>
    private void FillMain()
    {
        if (_small.Bytes <= TotalBytes / SmallShare * 2)
        {
            return;
        }

        while (_small.Bytes > TotalBytes / SmallShare && _small.Oldest is { } entry && _small.Count > 1)
        {
            MoveToMain(entry);
        }
    }

    private bool IsWorthMore(CacheEntry victim, CacheEntry candidate)
    {
        int uses = _sketch.Estimate(victim.Hash);
        return uses > 1 && uses >= _sketch.Estimate(candidate.Hash);
    }

    /// <summary>The oldest of the small queue that nobody has asked for or awaits; those before it go to main. It stays where it is.</summary>
    private CacheEntry? NextCandidate(ref int spared)
    {
        while (_small.Oldest is { } entry)
        {
            if (entry.Frequency == 0 && !IsSpared(entry, ref spared))
            {
                return entry;
            }

            MoveToMain(entry);
        }

        return null;
    }

    /// <summary>The oldest of the main queue that was not asked for since it came up last; it stays where it is.</summary>
    private CacheEntry? NextVictim(ref int spared)
    {
        // Each turn returns, spares within a bound or lowers a mark, so this ends.
        while (_main.Oldest is { } entry)
        {
            if (!IsSpared(entry, ref spared))
            {
                if (entry.Frequency == 0)
                {
                    return entry;
                }

                _sketch.Count(entry.Hash, 1);
                entry.Frequency--;
            }

            _main.Remove(entry);
            _main.Enqueue(entry);
        }

        return null;
    }

    private void MoveToMain(CacheEntry entry)
    {
        _sketch.Count(entry.Hash, entry.Frequency);
        entry.Frequency = 0;
        _small.Remove(entry);
        _main.Enqueue(entry);
    }

    private EntryQueue? QueueOf(CacheEntry entry) => entry.Queue switch
    {
        Small => _small,
        Main => _main,
        _ => null,
    };

    private static bool IsSpared(CacheEntry entry, ref int spared) => spared < MaxSpared && entry.IsAwaited && ++spared > 0;
}
