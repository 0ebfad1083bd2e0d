using S3Proxy.Coalescing.Statistics;

namespace S3Proxy.Micro.Coordination.Counting;

/// <summary>One table under a reader-writer lock: who finds its counters adds atomically under the read lock, who is new takes the write lock.</summary>
internal sealed class ReaderWriterTable : ICountingStrategy
{
    private readonly ReaderWriterLockSlim _lock = new();
    private readonly Dictionary<string, Counters> _keys = [];
    private readonly Dictionary<string, Counters> _tenants = [];

    public void Record(int thread, in Step step)
    {
        _lock.EnterReadLock();
        try
        {
            if (_keys.TryGetValue(step.Key, out Counters? key) && _tenants.TryGetValue(step.Tenant, out Counters? tenant))
            {
                key.Add(step.Bytes);
                tenant.Add(step.Bytes);
                return;
            }
        }
        finally
        {
            _lock.ExitReadLock();
        }

        _lock.EnterWriteLock();
        try
        {
            Find(_keys, step.Key).Add(step.Bytes);
            Find(_tenants, step.Tenant).Add(step.Bytes);
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    public void Finish(int thread)
    {
    }

    public long ReadRequests()
    {
        _lock.EnterReadLock();
        try
        {
            return _tenants.Values.Sum(tenant => tenant.Usage.Requests);
        }
        finally
        {
            _lock.ExitReadLock();
        }
    }

    public Tally ReadAll()
    {
        Tally all = new();
        foreach ((string key, Counters counters) in _keys)
        {
            all.AddKey(key, counters.Usage);
        }

        foreach ((string tenant, Counters counters) in _tenants)
        {
            all.AddTenant(tenant, counters.Usage);
        }

        return all;
    }

    public void Dispose() => _lock.Dispose();

    private static Counters Find(Dictionary<string, Counters> table, string name)
    {
        if (!table.TryGetValue(name, out Counters? found))
        {
            found = new Counters();
            table.Add(name, found);
        }

        return found;
    }

    private sealed class Counters
    {
        private long _requests;
        private long _bytes;

        public Usage Usage => new(Volatile.Read(ref _requests), Volatile.Read(ref _bytes));

        public void Add(long bytes)
        {
            Interlocked.Increment(ref _requests);
            Interlocked.Add(ref _bytes, bytes);
        }
    }
}
