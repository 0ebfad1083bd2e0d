using S3Proxy.Coalescing;

namespace S3Proxy.Caching.Memory;

/// <content>Slices by version, wherever they are kept.</content>
internal sealed partial class MemoryTier
{
    /// <summary>
    /// The body of a complete slice, or null. Not pinned: whoever reads it takes a reference, and finds out then if it has just been evicted.
    /// </summary>
    /// <param name="key">The slice.</param>
    /// <param name="countsAsHit">
    /// False for a reader that follows the run which is filling these slices: a herd that streams one object together is one use of it, and must not make it
    /// look hotter than what is asked for again and again. A body kept with its object's metadata counts with that, once a request.
    /// </param>
    public SharedBody? FindSlice(SliceKey key, bool countsAsHit = true)
    {
        if (IsSmall(key) && _objects.Find(key.Version.Id) is { Body: { } body } known && ObjectRecord.HasVersion(known.Record, key.Version))
        {
            return body;
        }

        if (!_slices.TryGetValue(key, out SliceEntry? entry))
        {
            return IsSmall(key) ? FindMoved(key) : null;
        }

        if (countsAsHit)
        {
            entry.Touch();
        }

        return entry.Body;
    }

    /// <summary>True when the slice is here, without counting as a hit.</summary>
    public bool ContainsSlice(SliceKey key) => FindSlice(key, countsAsHit: false) is not null;

    /// <summary>
    /// Takes a complete body in, with a reference of its own. A slice that is here already stays: equal keys mean equal bytes. Does nothing when there is no room for
    /// what stands beside it.
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

        if (!TryCountHeap(SliceEntry.OverheadBytes))
        {
            body.Release();
            return;
        }

        int heapBytes;
        lock (_lock)
        {
            heapBytes = AdmitUnderLock(key, body, audience);
        }

        UncountHeap(SliceEntry.OverheadBytes - heapBytes);

        if (heapBytes == 0)
        {
            body.Release();
            return;
        }

        TrimToQuotas(body.Length + SliceEntry.OverheadBytes);

        // Whoever waits for memory found nothing to evict; this slice may be the first.
        _pool.SignalReclaimable();
    }

    /// <summary>Drops a slice that turned out to be wrong. False when it is not here.</summary>
    public bool RemoveSlice(SliceKey key)
    {
        SharedBody body;
        int bytes;
        lock (_lock)
        {
            if (_slices.TryRemove(key, out SliceEntry? slice))
            {
                _policy.Remove(slice);
                body = slice.Body;
                bytes = SliceEntry.OverheadBytes;
            }
            else if (IsSmall(key) && _objects.Find(key.Version.Id) is { Body: not null } known && ObjectRecord.HasVersion(known.Record, key.Version))
            {
                body = TakeBodyUnderLock(known)!;
                _policy.Resize(known, ObjectEntry.BytesOf(known.Record));
                bytes = BodyObjectBytes;
            }
            else
            {
                return false;
            }
        }

        UncountHeap(bytes);
        body.Release();
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

        foreach (ObjectEntry entry in _objects.Entries())
        {
            if (entry.Body is null)
            {
                continue;
            }

            ObjectId id = entry.MakeId();
            if (concerned(id) && RemoveSlice(new SliceKey(ObjectRecord.VersionOf(entry.Record, id), 0)))
            {
                removed++;
            }
        }

        return removed;
    }

    /// <summary>Looks once more for a small slice, which may have moved from the one table to the other between two looks.</summary>
    private SharedBody? FindMoved(SliceKey key)
    {
        lock (_lock)
        {
            return _objects.Find(key.Version.Id) is { Body: { } body } known && ObjectRecord.HasVersion(known.Record, key.Version) ? body
                : _slices.TryGetValue(key, out SliceEntry? entry) ? entry.Body
                : null;
        }
    }

    /// <summary>Gives the body its place, and tells how many bytes of the heap it costs; 0 when the slice is here already.</summary>
    private int AdmitUnderLock(SliceKey key, SharedBody body, ISliceAudience? audience)
    {
        if (_slices.ContainsKey(key))
        {
            return 0;
        }

        if (MayAttach(key, body) && _objects.Find(key.Version.Id) is { } known && ObjectRecord.HasVersion(known.Record, key.Version))
        {
            if (known.Body is not null)
            {
                return 0;
            }

            if (audience is null)
            {
                AttachUnderLock(known, body);
                return BodyObjectBytes;
            }
        }

        SliceEntry entry = new(key, body, audience);
        _slices[key] = entry;
        _policy.Add(entry);
        return SliceEntry.OverheadBytes;
    }
}
