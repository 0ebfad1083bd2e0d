namespace S3Proxy.Micro.Coordination.Claiming;

/// <summary>Tables by hash of the key, a lock each: one for the single lock, many for striped locks.</summary>
internal sealed class LockedClaims(int stripes) : IClaimStrategy
{
    private readonly Dictionary<string, object>[] _tables = [.. Enumerable.Range(0, stripes).Select(_ => new Dictionary<string, object>())];

    public Claim Acquire(int thread, string key)
    {
        Dictionary<string, object> table = TableOf(key);
        lock (table)
        {
            if (table.TryGetValue(key, out object? generation))
            {
                return new(generation, IsLeader: false);
            }

            generation = new object();
            table.Add(key, generation);
            return new(generation, IsLeader: true);
        }
    }

    public void Release(int thread, string key, in Claim claim)
    {
        if (!claim.IsLeader)
        {
            return;
        }

        Dictionary<string, object> table = TableOf(key);
        lock (table)
        {
            table.Remove(key);
        }
    }

    public void Dispose()
    {
    }

    private Dictionary<string, object> TableOf(string key) =>
        _tables.Length == 1 ? _tables[0] : _tables[(key.GetHashCode(StringComparison.Ordinal) & int.MaxValue) % _tables.Length];
}
