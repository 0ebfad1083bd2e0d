using S3Proxy.Caching;
using S3Proxy.Invalidation;

namespace S3Proxy.Fleet;

/// <summary>What was written while Redis could not be told, until it has been. Bounded: beyond the objects it holds their buckets, and beyond those everything.</summary>
/// <remarks>Thread-safe; one lock.</remarks>
internal sealed class WriteJournal(int maxObjects)
{
    private const int MaxBuckets = 256;

    private readonly Lock _lock = new();
    private readonly Dictionary<ObjectId, bool> _objects = [];
    private readonly HashSet<CacheScope> _scopes = [];

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _objects.Count + _scopes.Count;
            }
        }
    }

    /// <summary>Notes objects; <paramref name="isUnknown"/> when the outcome of their write is.</summary>
    public void Add(IEnumerable<ObjectId> objects, bool isUnknown)
    {
        lock (_lock)
        {
            foreach (ObjectId id in objects)
            {
                if (_objects.Count < maxObjects || _objects.ContainsKey(id))
                {
                    _objects[id] = isUnknown || _objects.GetValueOrDefault(id);
                }
                else
                {
                    AddScope(CacheScope.Of(new BucketId(id.Origin, id.Bucket)));
                }
            }
        }
    }

    /// <summary>Notes a scope.</summary>
    public void Add(CacheScope scope)
    {
        lock (_lock)
        {
            AddScope(scope);
        }
    }

    /// <summary>Takes out up to <paramref name="count"/> objects that are alike; empty when there are none. What cannot be told is added again.</summary>
    public (ObjectId[] Objects, bool IsUnknown) TakeObjects(int count)
    {
        lock (_lock)
        {
            bool isUnknown = _objects.Count > 0 && _objects.First().Value;
            ObjectId[] taken = [.. _objects.Where(entry => entry.Value == isUnknown).Take(count).Select(entry => entry.Key)];
            foreach (ObjectId id in taken)
            {
                _objects.Remove(id);
            }

            return (taken, isUnknown);
        }
    }

    /// <summary>Takes out a scope; null when there is none.</summary>
    public CacheScope? TakeScope()
    {
        lock (_lock)
        {
            CacheScope? scope = _scopes.FirstOrDefault();
            if (scope is not null)
            {
                _scopes.Remove(scope);
            }

            return scope;
        }
    }

    /// <summary>The caller holds the lock.</summary>
    private void AddScope(CacheScope scope)
    {
        if (_scopes.Count >= MaxBuckets && !_scopes.Contains(scope))
        {
            _scopes.Clear();
            scope = CacheScope.All;
        }

        if (!_scopes.Contains(CacheScope.All))
        {
            _scopes.Add(scope);
        }
    }
}
