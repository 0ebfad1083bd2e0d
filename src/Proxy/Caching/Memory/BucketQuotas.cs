using System.Collections.Frozen;

namespace S3Proxy.Caching.Memory;

/// <summary>
/// Quotas of buckets on top of an eviction policy: what the policy holds is counted by bucket, and a bucket that holds more than its quota loses entries of its own until it does not (requirement C8). Called under
/// the tier's lock only, but for <see cref="IsOver"/>.
/// </summary>
/// <remarks>Entries of buckets without a quota cost one look at a number; without any quota, not even that of a table. Why beside the policy and not in it: docs/decisions/0026.</remarks>
/// <param name="policy">Chooses among all entries.</param>
internal sealed class BucketQuotas(IEvictionPolicy policy)
{
    private readonly Queue<BucketShare> _over = new();
    private BucketShare[] _shares = [];
    private FrozenDictionary<string, BucketShare[]> _byBucket = FrozenDictionary<string, BucketShare[]>.Empty;
    private volatile bool _isOver;

    /// <summary>Whether a bucket holds more than its quota. Any thread; one that added an entry sees what came of that.</summary>
    public bool IsOver => _isOver;

    /// <summary>The quotas, and how many bytes are held of each.</summary>
    public IReadOnlyList<(MemoryQuota Quota, long Bytes)> Use => [.. _shares.Select(share => (share.Quota, share.Bytes))];

    /// <summary>Puts other quotas in the place of those that were; the same ones change nothing.</summary>
    /// <param name="quotas">One for a bucket at most.</param>
    /// <param name="entries">All entries that the policy holds.</param>
    public void Set(IReadOnlyList<MemoryQuota> quotas, IEnumerable<CacheEntry> entries)
    {
        if (quotas.SequenceEqual(_shares.Select(share => share.Quota)))
        {
            return;
        }

        _over.Clear();
        _isOver = false;
        _shares = [.. quotas.Select((quota, index) => new BucketShare(index + 1, quota))];
        _byBucket = _shares.GroupBy(share => share.Quota.Bucket, StringComparer.Ordinal).ToFrozenDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);
        foreach (CacheEntry entry in entries)
        {
            entry.Share = BucketShare.None;
            Assign(entry);
        }
    }

    /// <inheritdoc cref="IEvictionPolicy.Add"/>
    public void Add(CacheEntry entry)
    {
        policy.Add(entry);
        Assign(entry);
    }

    /// <inheritdoc cref="IEvictionPolicy.Remove"/>
    public void Remove(CacheEntry entry)
    {
        policy.Remove(entry);
        Forget(entry);
    }

    /// <inheritdoc cref="IEvictionPolicy.Resize"/>
    public void Resize(CacheEntry entry, int bytes)
    {
        if (entry.Share != BucketShare.None)
        {
            BucketShare share = _shares[entry.Share - 1];
            share.Resize(entry, bytes);
            List(share);
        }

        policy.Resize(entry, bytes);
    }

    /// <inheritdoc cref="IEvictionPolicy.Evict"/>
    public CacheEntry? Evict()
    {
        CacheEntry? entry = policy.Evict();
        if (entry is not null)
        {
            Forget(entry);
        }

        return entry;
    }

    /// <summary>Chooses and forgets an entry of a bucket that holds more than its quota; null when none does.</summary>
    public CacheEntry? EvictOver()
    {
        while (_over.TryPeek(out BucketShare? share))
        {
            if (share.IsOver && share.Oldest() is { } entry)
            {
                Remove(entry);
                return entry;
            }

            _over.Dequeue();
            share.IsListed = false;
        }

        _isOver = false;
        return null;
    }

    private void Assign(CacheEntry entry)
    {
        if (_shares.Length == 0)
        {
            return;
        }

        BucketId place = entry.Place;
        if (!_byBucket.TryGetValue(place.Bucket, out BucketShare[]? shares))
        {
            return;
        }

        foreach (BucketShare share in shares)
        {
            if (share.Quota.IsOf(place))
            {
                share.Add(entry);
                List(share);
                return;
            }
        }
    }

    private void Forget(CacheEntry entry)
    {
        if (entry.Share != BucketShare.None)
        {
            _shares[entry.Share - 1].Remove(entry);
        }
    }

    private void List(BucketShare share)
    {
        if (share.IsOver && !share.IsListed)
        {
            share.IsListed = true;
            _over.Enqueue(share);
            _isOver = true;
        }
    }
}
