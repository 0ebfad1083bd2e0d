using System.Collections.Immutable;

namespace S3Proxy.Micro.Coordination.Claiming;

/// <summary>Copy-out/copy-in: the immutable table is read, a changed copy is put back if nobody was faster, else again.</summary>
internal sealed class CopiedClaims : IClaimStrategy
{
    private ImmutableDictionary<string, object> _table = ImmutableDictionary<string, object>.Empty;

    public Claim Acquire(int thread, string key)
    {
        object created = new();
        object generation = ImmutableInterlocked.GetOrAdd(ref _table, key, created);
        return new(generation, ReferenceEquals(generation, created));
    }

    public void Release(int thread, string key, in Claim claim)
    {
        if (claim.IsLeader)
        {
            ImmutableInterlocked.TryRemove(ref _table, key, out _);
        }
    }

    public void Dispose()
    {
    }
}
