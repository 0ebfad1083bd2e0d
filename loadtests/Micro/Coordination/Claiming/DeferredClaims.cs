namespace S3Proxy.Micro.Coordination.Claiming;

/// <summary>
/// What batch-local merge comes to for claims: each thread claims in a table of its own and tells the others once a batch. Not linearizable, as a claim
/// takes effect before others can know of it; run to show that the check sees it.
/// </summary>
internal sealed class DeferredClaims : IClaimStrategy
{
    private const int ClaimsPerMerge = 64;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, object>[] _claimed = [.. Enumerable.Range(0, Workload.MaxThreads).Select(_ => new Dictionary<string, object>())];
    private readonly Dictionary<string, object>[] _known = [.. Enumerable.Range(0, Workload.MaxThreads).Select(_ => new Dictionary<string, object>())];
    private readonly int[] _claims = new int[Workload.MaxThreads * Padding.Longs];

    public Claim Acquire(int thread, string key)
    {
        if (++_claims[thread * Padding.Longs] % ClaimsPerMerge == 0)
        {
            Merge(thread);
        }

        if (_known[thread].TryGetValue(key, out object? generation))
        {
            return new(generation, IsLeader: false);
        }

        generation = new object();
        lock (_claimed[thread])
        {
            _claimed[thread].Add(key, generation);
        }

        return new(generation, IsLeader: true);
    }

    public void Release(int thread, string key, in Claim claim)
    {
        if (claim.IsLeader)
        {
            lock (_claimed[thread])
            {
                _claimed[thread].Remove(key);
            }
        }
    }

    public void Dispose()
    {
    }

    private void Merge(int thread)
    {
        Dictionary<string, object> known = _known[thread];
        known.Clear();
        lock (_lock)
        {
            foreach (Dictionary<string, object> claimed in _claimed)
            {
                lock (claimed)
                {
                    foreach ((string key, object generation) in claimed)
                    {
                        known.TryAdd(key, generation);
                    }
                }
            }
        }
    }
}
