namespace S3Proxy.Caching.Memory;

/// <summary>
/// Two first-in-first-out stages as in S3-FIFO (Yang et al., "FIFO queues are all you need for cache eviction", SOSP 2023), with the admission of TinyLFU (Einziger,
/// Friedman and Manes, ACM ToS 2017) between them, weighted by bytes. New entries wait in a small queue, which a scan can fill without touching the main queues. What is
/// asked for there, or awaited, moves to main; what is not takes the place of main's next to leave only if it is worth more, or if that one was asked for but once: of two such the older leaves, so that
/// those who follow a long read find it. Worth is how often an entry was asked for lately, in the cache or not, and less for a large one (<see cref="SizedQueues"/>). Main is a queue for each class of
/// sizes, of whose oldest the one leaves that is worth least and has stood longest; entries of equal size stand in one queue.
/// </summary>
/// <remarks>
/// <para>A hit only marks its entry (<see cref="CacheEntry.Touch"/>), so that hits take no lock; the marks are counted when the entry comes up for eviction. Why this one:
/// docs/decisions/0017.</para>
/// <para>An eviction looks up one estimate a class. It passes over <see cref="MaxSpared"/> awaited entries at most, and over one entry for each mark, of which there are no more than three an entry: so hits pay for
/// what evictions pass over, one turn each.</para>
/// </remarks>
internal sealed class AdmissionFifoPolicy : IEvictionPolicy
{
    private const byte Small = 1;
    private const byte FirstOfMain = 2;

    /// <summary>
    /// The small queue's part of all bytes, one in so many. A smaller one has a few more hits; those who follow a long read at some distance want a larger one.
    /// </summary>
    private const int SmallShare = 20;

    /// <summary>How many awaited entries one eviction may pass over before it takes one all the same.</summary>
    private const int MaxSpared = 64;

    private readonly EntryQueue _small = new(Small);
    private readonly SizedQueues _main = new(FirstOfMain);
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

    public void Remove(CacheEntry entry)
    {
        if (entry.Queue == Small)
        {
            _small.Remove(entry);
        }
        else if (_main.Holds(entry))
        {
            _main.Remove(entry);
        }
    }

    public void Resize(CacheEntry entry, int bytes)
    {
        if (entry.Queue == Small)
        {
            _small.Resize(entry, bytes);
        }
        else if (_main.Holds(entry))
        {
            _main.Resize(entry, bytes);
        }
    }

    public CacheEntry? Evict()
    {
        int spared = 0;
        FillMain();
        if (_small.Bytes > TotalBytes / SmallShare && NextCandidate(ref spared) is { } candidate)
        {
            CacheEntry? victim = NextVictim(ref spared, out int advance);
            _small.Remove(candidate);
            if (victim is null || victim.IsAwaited || IsWorthMore(victim, candidate))
            {
                return candidate;
            }

            _main.Evict(victim, advance);
            _main.Enqueue(candidate);
            return victim;
        }

        if (NextVictim(ref spared, out int clock) is { } last)
        {
            _main.Evict(last, clock);
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

    /// <summary>Never of a victim that was asked for but once. Always of any other if the candidate was: however small, what a scan asks for does not drive out what is asked for again.</summary>
    private bool IsWorthMore(CacheEntry victim, CacheEntry candidate)
    {
        int victimUses = _sketch.Estimate(victim.Hash);
        int candidateUses = _sketch.Estimate(candidate.Hash);
        return victimUses > 1 && (candidateUses <= 1 || SizedQueues.WorthOf(victim, victimUses) >= SizedQueues.WorthOf(candidate, candidateUses));
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

    /// <summary>Of the oldest of each of main's queues that was not asked for since it came up last, the one of least rank, or the largest of several. It stays where it is.</summary>
    /// <param name="spared">Awaited entries that were passed over.</param>
    /// <param name="advance">How far the clock moves on when it leaves.</param>
    private CacheEntry? NextVictim(ref int spared, out int advance)
    {
        CacheEntry? least = null;
        int leastRank = int.MaxValue;
        advance = int.MaxValue;
        ReadOnlySpan<EntryQueue> queues = _main.All;
        for (int number = queues.Length - 1; number >= 0; number--)
        {
            if (NextOf(queues[number], ref spared) is { } entry)
            {
                // What is awaited, and cannot be spared any more, leaves when there is nothing else.
                bool isAwaited = entry.IsAwaited;
                int own = _main.RankOf(entry, _sketch.Estimate(entry.Hash));
                advance = Math.Min(advance, isAwaited ? own + SizedQueues.MostBehind : own);
                int rank = isAwaited ? int.MaxValue - 1 : own;
                if (rank < leastRank)
                {
                    (least, leastRank) = (entry, rank);
                }
            }
        }

        return least;
    }

    /// <summary>The oldest of one of main's queues that was not asked for since it came up last; it stays where it is.</summary>
    private CacheEntry? NextOf(EntryQueue queue, ref int spared)
    {
        // Each turn returns, spares within a bound or lowers a mark, so this ends.
        while (queue.Oldest is { } entry)
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

    private static bool IsSpared(CacheEntry entry, ref int spared) => spared < MaxSpared && entry.IsAwaited && ++spared > 0;
}
