using System.Collections.Concurrent;
using S3Proxy.Coalescing;
using S3Proxy.Invalidation;

namespace S3Proxy.Caching.Memory;

/// <summary>
/// The memory tier: slices and metadata under one byte budget that also covers what runs are filling (requirements C1, C7).
/// </summary>
/// <remarks>
/// Thread-safe. Hits take no lock. <c>_lock</c> protects the eviction policy and that an entry is in a table exactly while the policy
/// holds it; the pool's lock is taken inside it, never the other way round.
/// </remarks>
internal sealed class MemoryTier : IDisposable
{
    private readonly ConcurrentDictionary<SliceKey, SliceEntry> _slices = new();
    private readonly ConcurrentDictionary<ObjectId, MetadataEntry> _objects = new();
    private readonly Lock _lock = new();
    private readonly PagePool _pool;
    private readonly IEvictionPolicy _policy;
    private long _evictions;

    public MemoryTier(PagePool pool, IEvictionPolicy policy)
    {
        _pool = pool;
        _policy = policy;
    }

    /// <summary>Bytes held by cached and in-flight slices and by metadata.</summary>
    public long UsedBytes => _pool.UsedBytes;

    /// <summary>Bytes promised to runs and not filled yet.</summary>
    public long ReservedBytes => _pool.ReservedBytes;

    /// <summary>Bytes held and promised at one moment; two looks at the one and the other may count a page twice.</summary>
    public long CommittedBytes => _pool.CommittedBytes;

    /// <summary>Bound on <see cref="CommittedBytes"/>.</summary>
    public long BudgetBytes => _pool.BudgetBytes;

    /// <summary>Entries that left for want of room, since the start.</summary>
    public long Evictions => Interlocked.Read(ref _evictions);

    public int SliceCount => _slices.Count;

    public int ObjectCount => _objects.Count;

    /// <summary>
    /// The body of a complete slice, or null. Not pinned: whoever reads it takes a reference, and finds out then if it has just been evicted.
    /// </summary>
    /// <param name="key">The slice.</param>
    /// <param name="countsAsHit">
    /// False for a reader that follows the run which is filling these slices: a herd that streams one object together is one use of it, and must not make it
    /// look hotter than what is asked for again and again.
    /// </param>
    public SharedBody? FindSlice(SliceKey key, bool countsAsHit = true)
    {
        if (!_slices.TryGetValue(key, out SliceEntry? entry))
        {
            return null;
        }

        if (countsAsHit)
        {
            entry.Touch();
        }

        return entry.Body;
    }

    /// <summary>True when the slice is here, without counting as a hit.</summary>
    public bool ContainsSlice(SliceKey key) => _slices.ContainsKey(key);

    /// <summary>The metadata of an object, fresh or not, or null.</summary>
    public ObjectMetadata? FindMetadata(ObjectId id)
    {
        if (!_objects.TryGetValue(id, out MetadataEntry? entry))
        {
            return null;
        }

        entry.Touch();
        return entry.Metadata;
    }

    /// <summary>The objects of a scope of which metadata is here. Those that come or go meanwhile may be among them or not.</summary>
    public IEnumerable<ObjectId> ObjectsOf(CacheScope scope)
    {
        foreach ((ObjectId id, _) in _objects)
        {
            if (scope.Holds(id))
            {
                yield return id;
            }
        }
    }

    /// <summary>
    /// Takes a complete body in, with a reference of its own. A slice that is here already stays: equal keys mean equal bytes.
    /// </summary>
    /// <param name="key">The slice.</param>
    /// <param name="body">Its bytes.</param>
    /// <param name="audience">Those who are on their way to it; null for nobody. Kept as long as the slice.</param>
    /// <exception cref="InvalidOperationException">The body is not complete.</exception>
    public void AdmitSlice(SliceKey key, SharedBody body, ISliceAudience? audience = null)
    {
        if (!body.IsComplete)
        {
            throw new InvalidOperationException("Only a complete slice may be admitted.");
        }

        if (!body.TryAddReference())
        {
            return;
        }

        SliceEntry entry = new(key, body, FootprintOf(body.Length), audience);
        bool added;
        lock (_lock)
        {
            added = _slices.TryAdd(key, entry);
            if (added)
            {
                _policy.Add(entry);
            }
        }

        if (!added)
        {
            body.Release();
            return;
        }

        // Whoever waits for memory found nothing to evict; this slice may be the first.
        _pool.SignalReclaimable();
    }

    /// <summary>Drops a slice that turned out to be wrong. False when it is not here.</summary>
    public bool RemoveSlice(SliceKey key)
    {
        SliceEntry? entry;
        lock (_lock)
        {
            if (!_slices.TryRemove(key, out entry))
            {
                return false;
            }

            _policy.Remove(entry);
        }

        entry.Body.Release();
        return true;
    }

    /// <summary>Drops the slices of objects that are <paramref name="concerned"/>, of whatever version; tells how many. Looks at every slice there is.</summary>
    public int RemoveSlices(Func<ObjectId, bool> concerned)
    {
        int removed = 0;
        foreach ((SliceKey key, _) in _slices)
        {
            if (concerned(key.Version.Id) && RemoveSlice(key))
            {
                removed++;
            }
        }

        return removed;
    }

    /// <summary>
    /// Puts metadata in the place of what is known of the object, making room if need be. False when it does not fit. Callers hold the object's
    /// epoch lock, so that nothing older overtakes.
    /// </summary>
    public bool PutMetadata(ObjectMetadata metadata)
    {
        int bytes = metadata.EstimateBytes();
        RemoveMetadata(metadata.Version.Id);
        while (!_pool.TryAddOther(bytes))
        {
            if (!TryEvictOne(out _))
            {
                return false;
            }
        }

        MetadataEntry entry = new(metadata, bytes);
        lock (_lock)
        {
            if (_objects.TryAdd(metadata.Version.Id, entry))
            {
                _policy.Add(entry);
                return true;
            }
        }

        _pool.RemoveOther(bytes);
        return false;
    }

    /// <summary>Forgets what is known of an object. Its slices stay, unreachable, until they are evicted.</summary>
    public bool RemoveMetadata(ObjectId id)
    {
        MetadataEntry? entry;
        lock (_lock)
        {
            if (!_objects.TryRemove(id, out entry))
            {
                return false;
            }

            _policy.Remove(entry);
        }

        _pool.RemoveOther(entry.Bytes);
        return true;
    }

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

    /// <summary>Evicts everything, for purges and tests.</summary>
    public void Clear()
    {
        while (TryEvictOne(out _))
        {
        }
    }

    public void Dispose()
    {
        Clear();
        _pool.Dispose();
    }

    private static int FootprintOf(int bodyBytes) => bodyBytes + 192;

    private bool TryReserve(int pages)
    {
        // What readers still pin comes back a moment later. Evicting on and on for that would empty the cache for nothing.
        long pinnedLimitBytes = 2L * pages * PagePool.PageBytes;
        while (!_pool.TryReserve(pages))
        {
            if (pinnedLimitBytes <= 0 || !TryEvictOne(out int pinnedBytes))
            {
                return false;
            }

            pinnedLimitBytes -= pinnedBytes;
        }

        return true;
    }

    /// <summary>Evicts what the policy chooses; false when there is nothing. Tells how many of its bytes a reader still pins.</summary>
    private bool TryEvictOne(out int pinnedBytes)
    {
        pinnedBytes = 0;
        CacheEntry? entry;
        lock (_lock)
        {
            entry = _policy.Evict();
            switch (entry)
            {
                case SliceEntry slice:
                    _slices.TryRemove(new KeyValuePair<SliceKey, SliceEntry>(slice.Key, slice));
                    break;
                case MetadataEntry metadata:
                    _objects.TryRemove(new KeyValuePair<ObjectId, MetadataEntry>(metadata.Metadata.Version.Id, metadata));
                    break;
                default:
                    return false;
            }
        }

        Interlocked.Increment(ref _evictions);
        if (entry is not SliceEntry evicted)
        {
            _pool.RemoveOther(entry.Bytes);
        }
        else if (!evicted.Body.Release())
        {
            pinnedBytes = entry.Bytes;
        }

        return true;
    }
}
