using S3Proxy.Caching;

namespace S3Proxy.Invalidation;

/// <content>Changes of a whole bucket: rare, so they raise every epoch there is rather than make each read look at one more.</content>
internal sealed partial class ObjectEpochs
{
    private readonly Lock _bucketLock = new();

    // Guarded by _bucketLock; the count may be read without it.
    private readonly Dictionary<BucketId, long> _suspectBuckets = [];
    private int _suspectBucketCount;

    /// <summary>
    /// Drops what is known of a bucket's objects and bars every fetch that began before, also of other buckets: it costs them an admission. With
    /// <paramref name="suspectFor"/> above zero the outcome of the change is unknown: for that long metadata of the bucket is only admitted as suspect.
    /// </summary>
    public void Raise(BucketId bucket, TimeSpan suspectFor)
    {
        if (suspectFor > TimeSpan.Zero)
        {
            Suspect(bucket, suspectFor);
        }

        Raise(CacheScope.Of(bucket));
    }

    /// <summary>Drops what is known of the objects of a scope and bars every fetch that began before, also of other objects. Tells of how many something was known.</summary>
    public int Raise(CacheScope scope)
    {
        RaiseAll();
        int dropped = 0;

        // Commits that were under way have ended when their stripe's lock was taken above; later ones asked the origin later.
        foreach (ObjectId id in _memory.ObjectsOf(scope))
        {
            dropped += Raise(id) ? 1 : 0;
        }

        return dropped;
    }

    /// <summary>Bars every fetch that began before, and drops nothing: what is known of before is known to be so.</summary>
    public void RaiseAll()
    {
        foreach (Stripe stripe in _stripes)
        {
            lock (stripe.Lock)
            {
                for (int i = 0; i < stripe.Epochs.Length; i++)
                {
                    stripe.Epochs[i]++;
                }
            }
        }
    }

    private void Suspect(BucketId bucket, TimeSpan time)
    {
        long now = _timeProvider.GetTimestamp();
        lock (_bucketLock)
        {
            foreach ((BucketId known, long end) in _suspectBuckets)
            {
                if (end <= now)
                {
                    _suspectBuckets.Remove(known);
                }
            }

            _suspectBuckets[bucket] = After(now, time);
            Volatile.Write(ref _suspectBucketCount, _suspectBuckets.Count);
        }
    }

    private bool IsBucketSuspect(ObjectId id, long now)
    {
        if (Volatile.Read(ref _suspectBucketCount) == 0)
        {
            return false;
        }

        lock (_bucketLock)
        {
            return _suspectBuckets.TryGetValue(new BucketId(id.Origin, id.Bucket), out long until) && now < until;
        }
    }
}
