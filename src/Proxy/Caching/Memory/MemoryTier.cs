using System.Collections.Concurrent;
using S3Proxy.Coalescing;

namespace S3Proxy.Caching.Memory;

/// <summary>
/// The memory tier: slices and metadata under one byte budget that also covers what runs are filling (requirements C1, C7).
/// </summary>
/// <remarks>
/// <para>Thread-safe. Hits take no lock. <c>_lock</c> protects the eviction policy, that an entry is in a table exactly while the policy holds it, and what moves
/// between the tables; the pool's lock is taken inside it, never the other way round.</para>
/// <para>A small body that is its whole object is kept by the object's entry once that is here, and is evicted with it; any other is an entry of its own.</para>
/// </remarks>
internal sealed partial class MemoryTier : IDisposable
{
    /// <summary>
    /// What a byte on the managed heap counts against the budget: the collector lets the heap grow to about twice of what lives on it before it collects
    /// (docs/decisions/0017).
    /// </summary>
    private const int HeapFactor = 2;

    /// <summary>Entries that whoever adds one may have to evict for quotas, however small that one is.</summary>
    private const int LeastTrimmed = 8;

    /// <summary>What the object of a body costs, whose bytes lie in pages.</summary>
    private const int BodyObjectBytes = 72;

    private readonly ConcurrentDictionary<SliceKey, SliceEntry> _slices = new();
    private readonly ObjectTable _objects;
    private readonly RecentMetadata _recent;
    private readonly Lock _lock = new();
    private readonly PagePool _pool;
    private readonly BucketQuotas _policy;
    private long _evictions;
    private int _attachedBodies;

    public MemoryTier(PagePool pool, IEvictionPolicy policy)
    {
        _pool = pool;
        _policy = new BucketQuotas(policy);
        _objects = new ObjectTable(_lock);
        _recent = new RecentMetadata(pool.BudgetBytes);
    }

    /// <summary>Bytes held by cached and in-flight slices and by metadata.</summary>
    public long UsedBytes => _pool.UsedBytes;

    /// <summary>Bytes promised to runs and not filled yet.</summary>
    public long ReservedBytes => _pool.ReservedBytes;

    /// <summary>Bytes held and promised at one moment; two looks at the one and the other may count a page twice.</summary>
    public long CommittedBytes => _pool.CommittedBytes;

    /// <summary>Bytes of the pages made so far, in use or not.</summary>
    public long PageMemoryBytes => _pool.PageMemoryBytes;

    /// <summary>Bound on <see cref="CommittedBytes"/>.</summary>
    public long BudgetBytes => _pool.BudgetBytes;

    /// <summary>Entries that left for want of room, since the start.</summary>
    public long Evictions => Interlocked.Read(ref _evictions);

    public int SliceCount => _slices.Count + Volatile.Read(ref _attachedBodies);

    public int ObjectCount => _objects.Count;

    /// <summary>
    /// Reserves memory for a slice of <paramref name="bytes"/>, evicting as needed. Waits, holding nothing, until memory comes back; null when that
    /// took longer than <paramref name="limit"/> by <paramref name="timeProvider"/>.
    /// </summary>
    public async ValueTask<MemoryReservation?> ReserveAsync(int bytes, TimeSpan limit, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        int pages = PagePool.PagesFor(bytes);
        if (TryReserve(pages))
        {
            return new MemoryReservation(_pool, pages);
        }

        long start = timeProvider.GetTimestamp();
        while (true)
        {
            // The signal is taken before the try, so that memory which comes back in between is not missed.
            Task released = _pool.WhenReleasedAsync();
            if (TryReserve(pages))
            {
                return new MemoryReservation(_pool, pages);
            }

            TimeSpan left = limit - timeProvider.GetElapsedTime(start);
            if (left <= TimeSpan.Zero)
            {
                return null;
            }

            try
            {
                await SignalWait.UntilAsync(released, cancellationToken).WaitAsync(left, timeProvider, cancellationToken);
            }
            catch (TimeoutException)
            {
                return null;
            }
        }
    }

    /// <summary>The quotas of buckets, and how many bytes each holds now.</summary>
    public IReadOnlyList<(MemoryQuota Quota, long Bytes)> QuotaUse
    {
        get
        {
            lock (_lock)
            {
                return _policy.Use;
            }
        }
    }

    /// <summary>Puts quotas in the place of those that were, and evicts what is too much. Looks at every entry there is, and keeps others from adding meanwhile; the same quotas again change nothing.</summary>
    /// <param name="quotas">One for a bucket at most.</param>
    public void SetQuotas(IReadOnlyList<MemoryQuota> quotas)
    {
        lock (_lock)
        {
            // Slices first: what comes first is evicted first, and metadata without its slices is worth more than slices without their metadata.
            _policy.Set(quotas, _slices.Select(slice => slice.Value).Concat<CacheEntry>(_objects.Entries()));
        }

        TrimToQuotas(long.MaxValue);
    }

    /// <summary>Evicts everything, for purges and tests.</summary>
    public void Clear()
    {
        while (TryEvictOne(out _, out _))
        {
        }
    }

    public void Dispose()
    {
        Clear();
        _pool.Dispose();
    }

    /// <summary>Counts bytes on the managed heap, evicting as needed; false when nothing is left to evict.</summary>
    private bool TryCountHeap(int bytes)
    {
        while (!_pool.TryAddOther(HeapFactor * bytes))
        {
            if (!TryEvictOne(out _, out _))
            {
                return false;
            }
        }

        return true;
    }

    private void UncountHeap(int bytes)
    {
        if (bytes > 0)
        {
            _pool.RemoveOther(HeapFactor * bytes);
        }
    }

    private bool TryReserve(int pages)
    {
        // What readers still pin comes back a moment later. Evicting on and on for that would empty the cache for nothing.
        long pinnedLimitBytes = 2L * pages * PagePool.PageBytes;
        while (!_pool.TryReserve(pages))
        {
            if (pinnedLimitBytes <= 0 || !TryEvictOne(out _, out int pinnedBytes))
            {
                return false;
            }

            pinnedLimitBytes -= pinnedBytes;
        }

        return true;
    }

    /// <summary>
    /// Brings buckets that hold too much down towards their quotas. Called when entries were added, without the lock. Ends when as many bytes are evicted as were added, and
    /// <see cref="LeastTrimmed"/> entries: callers may hold a lock of others, and must not drain what a lowered quota has left.
    /// </summary>
    private void TrimToQuotas(long addedBytes)
    {
        long evictedBytes = 0;
        for (int entries = 0; _policy.IsOver && (entries < LeastTrimmed || evictedBytes < addedBytes) && TryEvictOne(out int bytes, out _, isOverQuota: true); entries++)
        {
            evictedBytes += bytes;
        }
    }

    /// <summary>
    /// Evicts what the policy chooses, or a bucket that <paramref name="isOverQuota"/>; false when there is nothing. Tells how many bytes it had by the policy, and how many of them a reader still pins.
    /// </summary>
    private bool TryEvictOne(out int bytes, out int pinnedBytes, bool isOverQuota = false)
    {
        bytes = 0;
        pinnedBytes = 0;
        SharedBody? body;
        int heapBytes;
        lock (_lock)
        {
            CacheEntry? entry = isOverQuota ? _policy.EvictOver() : _policy.Evict();
            bytes = entry?.Bytes ?? 0;
            switch (entry)
            {
                case SliceEntry slice:
                    _slices.TryRemove(new KeyValuePair<SliceKey, SliceEntry>(slice.Key, slice));
                    body = slice.Body;
                    heapBytes = SliceEntry.OverheadBytes;
                    break;
                case ObjectEntry known:
                    _objects.Remove(known);
                    heapBytes = HeapBytesOf(known);
                    body = TakeBodyUnderLock(known);
                    break;
                default:
                    return false;
            }
        }

        Interlocked.Increment(ref _evictions);
        UncountHeap(heapBytes);
        if (body is not null && !body.Release())
        {
            pinnedBytes = body.Length;
        }

        return true;
    }
}
