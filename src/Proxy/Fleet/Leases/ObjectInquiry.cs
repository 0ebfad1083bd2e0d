using S3Proxy.Caching;
using S3Proxy.Caching.Redis;
using S3Proxy.Configuration;
using S3Proxy.Fetching;

namespace S3Proxy.Fleet.Leases;

/// <summary>One flight's question about an object, over as many looks as it takes. Used by one flight.</summary>
internal sealed class ObjectInquiry(ObjectTarget target, bool needsChecksums, long start)
{
    private bool _refusesKnown;
    private long _joined;
    private long _gone;

    public ObjectTarget Target { get; } = target;

    /// <summary>Timestamp of the first look.</summary>
    public long Start { get; } = start;

    /// <summary>Of the object.</summary>
    public string Tag { get; } = RedisKeys.TagOf(target.Id);

    /// <summary>The object's epoch in this replica, from before the look.</summary>
    public long Epoch { get; private set; }

    /// <summary>The scope generation from before the look.</summary>
    public long Generation { get; private set; }

    /// <summary>Timestamp before the look: what Redis tells is as old as that, or older.</summary>
    public long LookedAt { get; private set; }

    /// <summary>False when the replica that holds the lease is gone; the next look takes it over.</summary>
    public bool IsHolderLive => _gone == 0;

    /// <summary>True once it has waited for another replica.</summary>
    public bool HasJoined => _joined > 0;

    /// <summary>Notes what the next answer is judged by.</summary>
    public void Begin(long epoch, long generation, long lookedAt) => (Epoch, Generation, LookedAt) = (epoch, generation, lookedAt);

    public LeaseLookup Lookup() => LeaseLookup.OfObject(Tag, _refusesKnown ? 0 : OldestFor(Target.Bucket.Cache), _refusesKnown ? 0 : _joined, _gone);

    /// <summary>Another replica holds the lease: what it brings will do, as for anybody who joins a flight.</summary>
    public void Join(LeaseAnswer held, bool isLive)
    {
        // Of an older lease that was given up nothing came.
        _joined = held.Fence;
        _gone = isLive ? 0 : held.Fence;
        _refusesKnown = false;
    }

    /// <summary>True when metadata that is kept answers this question.</summary>
    public bool Accepts(ObjectMetadata metadata, LeaseAnswer answer, TimeProvider timeProvider) =>
        (!needsChecksums || metadata.KnowsChecksums)
        && ((_joined > 0 && answer.Fence >= _joined) || Freshness.Of(metadata, Target.Bucket.Cache, timeProvider).IsFresh);

    /// <summary>What is kept does not do, whatever its age: the origin is to be asked. False when that has been said already.</summary>
    public bool TryRefuseKnown()
    {
        bool isNew = !_refusesKnown;
        _refusesKnown = true;
        return isNew;
    }

    /// <summary>Age from which a record is too old by the rule alone, in milliseconds; null where that cannot be said without looking at it.</summary>
    private static long? OldestFor(CacheRule rule) => rule.Mode switch
    {
        CacheMode.Ttl when !rule.HonourOrigin => (long)rule.Ttl.TotalMilliseconds,
        CacheMode.Ttl or CacheMode.Immutable => null,
        _ => 0,
    };
}
