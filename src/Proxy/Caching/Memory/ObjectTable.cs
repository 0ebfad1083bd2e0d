using System.Numerics;

namespace S3Proxy.Caching.Memory;

/// <summary>
/// Finds entries by object. The entries of a bucket are linked through themselves, so an entry costs one place in the table and no node. Grows by linear hashing: each
/// entry added beyond the number of buckets splits one of them, and nobody ever waits for a table to be copied.
/// </summary>
/// <remarks>
/// Reads take no lock. Writers hold the lock given. A split leads readers astray, who may then miss an entry that is there: <c>_moves</c> is odd during one, and whoever
/// finds nothing while it was odd or changed looks again under the lock.
/// </remarks>
internal sealed class ObjectTable(Lock writersLock)
{
    /// <summary>Bytes an entry costs here: its place, and its share of the last segment.</summary>
    public const int PlaceBytes = 10;

    private const int SegmentBuckets = 1024;

    private readonly Dictionary<BucketId, SharedBucket> _names = [];
    private volatile ObjectEntry?[][] _segments = [new ObjectEntry?[SegmentBuckets]];
    private volatile int _buckets = SegmentBuckets;
    private volatile int _moves;
    private volatile int _count;

    public int Count => _count;

    /// <summary>The entry of an object, or null. Any thread.</summary>
    public ObjectEntry? Find(ObjectId id)
    {
        int moves = _moves;
        if (Search(id) is { } entry)
        {
            return entry;
        }

        if ((moves & 1) == 0 && _moves == moves)
        {
            return null;
        }

        lock (writersLock)
        {
            return Search(id);
        }
    }

    /// <summary>Makes and adds the entry of an object that is not here. Under the lock.</summary>
    public ObjectEntry Add(ObjectId id, byte[] record)
    {
        ObjectEntry entry = new(id.GetHashCode(), Share(new BucketId(id.Origin, id.Bucket)), record);
        if (++_count > _buckets)
        {
            Split();
        }

        ref ObjectEntry? first = ref BucketOf(entry.Hash, _buckets);
        entry.Next = first;
        Volatile.Write(ref first, entry);
        return entry;
    }

    /// <summary>Takes an entry out; false when it is not here. Under the lock. The entry keeps its link for readers that stand on it.</summary>
    public bool Remove(ObjectEntry entry)
    {
        ref ObjectEntry? first = ref BucketOf(entry.Hash, _buckets);
        ObjectEntry? previous = null;
        for (ObjectEntry? at = first; at is not null; previous = at, at = at.Next)
        {
            if (!ReferenceEquals(at, entry))
            {
                continue;
            }

            if (previous is null)
            {
                Volatile.Write(ref first, entry.Next);
            }
            else
            {
                previous.Next = entry.Next;
            }

            _count--;
            if (--entry.Bucket.Uses == 0)
            {
                _names.Remove(entry.Bucket.Id);
            }

            return true;
        }

        return false;
    }

    /// <summary>All entries, those that come or go meanwhile perhaps. Any thread that does not hold the lock, which is taken for some buckets at a time.</summary>
    public IEnumerable<ObjectEntry> Entries()
    {
        // A split moves entries only to the last bucket, so nothing slips from what is still to be seen to what has been.
        List<ObjectEntry> some = [];
        for (int bucket = 0; bucket < _buckets;)
        {
            some.Clear();
            lock (writersLock)
            {
                for (int end = Math.Min(_buckets, bucket + SegmentBuckets); bucket < end; bucket++)
                {
                    for (ObjectEntry? at = _segments[bucket / SegmentBuckets][bucket % SegmentBuckets]; at is not null; at = at.Next)
                    {
                        some.Add(at);
                    }
                }
            }

            foreach (ObjectEntry entry in some)
            {
                yield return entry;
            }
        }
    }

    private ObjectEntry? Search(ObjectId id)
    {
        ObjectEntry? entry = Volatile.Read(ref BucketOf(id.GetHashCode(), _buckets));
        while (entry is not null && !entry.IsOf(id))
        {
            entry = entry.Next;
        }

        return entry;
    }

    private ref ObjectEntry? BucketOf(int hash, int buckets)
    {
        // The number of buckets is read before the segments, which are made before it is raised.
        int bucket = NumberOf(hash, buckets);
        return ref _segments[bucket / SegmentBuckets][bucket % SegmentBuckets];
    }

    private static int NumberOf(int hash, int buckets)
    {
        uint mask = BitOperations.RoundUpToPowerOf2((uint)buckets) - 1;
        uint number = (uint)hash & mask;
        return (int)(number < (uint)buckets ? number : number & (mask >> 1));
    }

    /// <summary>Divides a bucket's entries between it and a new last bucket.</summary>
    private void Split()
    {
        int added = _buckets;
        if (added % SegmentBuckets == 0)
        {
            _segments = [.. _segments, new ObjectEntry?[SegmentBuckets]];
        }

        int split = added & (int)((BitOperations.RoundUpToPowerOf2((uint)added + 1) >> 1) - 1);
        ObjectEntry? at = _segments[split / SegmentBuckets][split % SegmentBuckets];
        ObjectEntry? stays = null;
        ObjectEntry? moves = null;
        _moves++;
        while (at is not null)
        {
            ObjectEntry? next = at.Next;
            if (NumberOf(at.Hash, added + 1) == added)
            {
                at.Next = moves;
                moves = at;
            }
            else
            {
                at.Next = stays;
                stays = at;
            }

            at = next;
        }

        Volatile.Write(ref _segments[added / SegmentBuckets][added % SegmentBuckets], moves);
        _buckets = added + 1;
        Volatile.Write(ref _segments[split / SegmentBuckets][split % SegmentBuckets], stays);
        _moves++;
    }

    private SharedBucket Share(BucketId id)
    {
        if (!_names.TryGetValue(id, out SharedBucket? names))
        {
            names = new SharedBucket(id);
            _names.Add(id, names);
        }

        names.Uses++;
        return names;
    }
}
