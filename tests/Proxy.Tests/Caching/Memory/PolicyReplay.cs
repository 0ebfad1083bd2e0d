using S3Proxy.Caching;
using S3Proxy.Caching.Memory;

namespace S3Proxy.Tests.Caching.Memory;

/// <summary>Replays requests on a policy, as the memory tier asks it: entries leave until a new one fits. Not thread-safe.</summary>
/// <param name="policy">Chooses what leaves; null for the least recently used.</param>
/// <param name="sizes">Bytes of each object.</param>
/// <param name="budget">Bytes that fit.</param>
internal sealed class PolicyReplay(IEvictionPolicy? policy, IReadOnlyList<int> sizes, long budget)
{
    private readonly Entry?[] _cached = new Entry?[sizes.Count];
    private readonly EntryQueue _recent = new(1);
    private long _used;
    private long _requests;
    private long _bytes;
    private long _hits;
    private long _hitBytes;

    /// <summary>Part of the requests that hit, in thousandths.</summary>
    public double Hits => 1000.0 * _hits / _requests;

    /// <summary>Part of the bytes that hit, in thousandths.</summary>
    public double HitBytes => 1000.0 * _hitBytes / _bytes;

    /// <summary>Tells one order of evictions from another.</summary>
    public uint Order { get; private set; } = 2_166_136_261;

    /// <summary>Plays requests; what hit before is forgotten, what is cached is not.</summary>
    public PolicyReplay Play(IEnumerable<int> requests)
    {
        (_requests, _bytes, _hits, _hitBytes) = (0, 0, 0, 0);
        foreach (int number in requests)
        {
            _requests++;
            _bytes += sizes[number];
            if (_cached[number] is { } entry)
            {
                _hits++;
                _hitBytes += sizes[number];
                Touch(entry);
            }
            else
            {
                Add(number);
            }
        }

        return this;
    }

    /// <summary>How many of these objects are cached.</summary>
    public int CountOf(IEnumerable<int> numbers) => numbers.Count(number => _cached[number] is not null);

    private void Touch(Entry entry)
    {
        if (policy is not null)
        {
            entry.Touch();
            return;
        }

        _recent.Remove(entry);
        _recent.Enqueue(entry);
    }

    private void Add(int number)
    {
        while (_used + sizes[number] > budget)
        {
            Entry evicted = (Entry)(policy is null ? _recent.Dequeue() : policy.Evict())!;
            _cached[evicted.Number] = null;
            _used -= evicted.Bytes;
            Order = (Order ^ (uint)evicted.Number) * 16_777_619;
        }

        Entry added = new(number, sizes[number]);
        _cached[number] = added;
        _used += added.Bytes;
        if (policy is null)
        {
            _recent.Enqueue(added);
        }
        else
        {
            policy.Add(added);
        }
    }

    private sealed class Entry(int number, int bytes) : CacheEntry((int)((uint)number * 2_654_435_769), bytes)
    {
        public int Number => number;

        public override BucketId Place => default;
    }
}
