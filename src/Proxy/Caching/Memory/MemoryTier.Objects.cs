using S3Proxy.Coalescing;
using S3Proxy.Invalidation;

namespace S3Proxy.Caching.Memory;

/// <content>Objects: their metadata, and the bodies that are kept with it.</content>
internal sealed partial class MemoryTier
{
    /// <summary>The metadata of an object, fresh or not, or null. Counts as a hit.</summary>
    public ObjectMetadata? FindMetadata(ObjectId id)
    {
        if (_objects.Find(id) is not { } entry)
        {
            return null;
        }

        entry.Touch();
        return _recent.Of(entry, id);
    }

    /// <summary>As <see cref="FindMetadata"/>, without any effect on what is kept.</summary>
    public ObjectMetadata? PeekMetadata(ObjectId id) => _objects.Find(id) is { } entry ? ObjectRecord.Unpack(entry.Record, id) : null;

    /// <summary>The objects of a scope of which metadata is here. Those that come or go meanwhile may be among them or not.</summary>
    public IEnumerable<ObjectId> ObjectsOf(CacheScope scope)
    {
        foreach (ObjectEntry entry in _objects.Entries())
        {
            ObjectId id = entry.MakeId();
            if (scope.Holds(id))
            {
                yield return id;
            }
        }
    }

    /// <summary>
    /// Puts metadata in the place of what is known of the object, making room if need be. False when it does not fit; then nothing is known. Callers hold the
    /// object's epoch lock, so that nothing older overtakes.
    /// </summary>
    public bool PutMetadata(ObjectMetadata metadata)
    {
        ObjectId id = metadata.Version.Id;
        byte[] record = ObjectRecord.Pack(metadata);
        if (!TryCountHeap(ObjectEntry.BytesOf(record)))
        {
            RemoveMetadata(id);
            return false;
        }

        int replacedBytes = 0;
        ObjectEntry? entry;
        lock (_lock)
        {
            entry = _objects.Find(id);
            if (entry is null)
            {
                entry = AddUnderLock(metadata.Version, record);
            }
            else if (ObjectRecord.HasVersion(entry.Record, metadata.Version))
            {
                replacedBytes = ObjectEntry.BytesOf(entry.Record);
                _policy.Resize(entry, entry.Bytes + ObjectEntry.BytesOf(record) - replacedBytes);
                entry.Renew(record, metadata);
            }
            else
            {
                replacedBytes = RemoveUnderLock(entry, id, out SharedBody? orphan);
                orphan?.Release();
                entry = AddUnderLock(metadata.Version, record);
            }
        }

        _recent.Keep(entry, record, metadata);
        UncountHeap(replacedBytes);
        TrimToQuotas(ObjectEntry.BytesOf(record) + SliceEntry.OverheadBytes);
        return true;
    }

    /// <summary>Forgets what is known of an object. Its slices stay, unreachable, until they are evicted.</summary>
    public bool RemoveMetadata(ObjectId id)
    {
        int bytes;
        SharedBody? orphan;
        lock (_lock)
        {
            if (_objects.Find(id) is not { } entry)
            {
                return false;
            }

            bytes = RemoveUnderLock(entry, id, out orphan);
        }

        UncountHeap(bytes);
        orphan?.Release();
        return true;
    }

    private static int HeapBytesOf(ObjectEntry entry) => ObjectEntry.BytesOf(entry.Record) + (entry.Body is null ? 0 : BodyObjectBytes);

    /// <summary>Adds and returns an entry, and gives it the body that came before it.</summary>
    private ObjectEntry AddUnderLock(ObjectVersion version, byte[] record)
    {
        ObjectEntry entry = _objects.Add(version.Id, record);
        _policy.Add(entry);
        SliceKey key = new(version, 0);
        if (_slices.TryGetValue(key, out SliceEntry? slice) && MayAttach(key, slice.Body) && slice.MayMove)
        {
            AttachUnderLock(entry, slice.Body);
            _slices.TryRemove(key, out _);
            _policy.Remove(slice);
            UncountHeap(SliceEntry.OverheadBytes - BodyObjectBytes);
        }

        return entry;
    }

    /// <summary>
    /// Takes an entry out. Its body becomes an entry of its own: readers may have learnt its version a moment ago. Tells the bytes to uncount, and the body that found
    /// no room, whose reference is the caller's to release.
    /// </summary>
    private int RemoveUnderLock(ObjectEntry entry, ObjectId id, out SharedBody? orphan)
    {
        _policy.Remove(entry);
        _objects.Remove(entry);
        int bytes = HeapBytesOf(entry);
        orphan = TakeBodyUnderLock(entry);
        if (orphan is not null && _pool.TryAddOther(HeapFactor * SliceEntry.OverheadBytes))
        {
            SliceEntry slice = new(new SliceKey(ObjectRecord.VersionOf(entry.Record, id), 0), orphan, audience: null);
            _slices[slice.Key] = slice;
            _policy.Add(slice);
            orphan = null;
        }

        return bytes;
    }

    /// <summary>True for a body that is its whole object and lies in a block, where what stands beside it weighs.</summary>
    private static bool MayAttach(SliceKey key, SharedBody body) => IsSmall(key) && body.Length == key.Version.SizeBytes;

    private static bool IsSmall(SliceKey key) => key.Index == 0 && key.Version.SizeBytes <= PagePool.MaxBlockBytes;

    private void AttachUnderLock(ObjectEntry entry, SharedBody body)
    {
        entry.Body = body;
        _policy.Resize(entry, entry.Bytes + body.Length + BodyObjectBytes);
        Volatile.Write(ref _attachedBodies, _attachedBodies + 1);
    }

    /// <summary>Takes the body from an entry, whose reference is then the caller's. Sizes are the caller's matter too.</summary>
    private SharedBody? TakeBodyUnderLock(ObjectEntry entry)
    {
        SharedBody? body = entry.Body;
        if (body is not null)
        {
            entry.Body = null;
            Volatile.Write(ref _attachedBodies, _attachedBodies - 1);
        }

        return body;
    }
}
