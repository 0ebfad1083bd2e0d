namespace S3Proxy.Micro.Coordination.Claiming;

/// <summary>Joins look under the read lock; claims and releases take the write lock and look again.</summary>
internal sealed class ReaderWriterClaims : IClaimStrategy
{
    private readonly ReaderWriterLockSlim _lock = new();
    private readonly Dictionary<string, object> _table = [];

    public Claim Acquire(int thread, string key)
    {
        _lock.EnterReadLock();
        try
        {
            if (_table.TryGetValue(key, out object? generation))
            {
                return new(generation, IsLeader: false);
            }
        }
        finally
        {
            _lock.ExitReadLock();
        }

        _lock.EnterWriteLock();
        try
        {
            if (_table.TryGetValue(key, out object? generation))
            {
                return new(generation, IsLeader: false);
            }

            generation = new object();
            _table.Add(key, generation);
            return new(generation, IsLeader: true);
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    public void Release(int thread, string key, in Claim claim)
    {
        if (!claim.IsLeader)
        {
            return;
        }

        _lock.EnterWriteLock();
        try
        {
            _table.Remove(key);
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    public void Dispose() => _lock.Dispose();
}
