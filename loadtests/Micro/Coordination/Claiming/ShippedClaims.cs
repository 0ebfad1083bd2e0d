using S3Proxy.Coalescing;

namespace S3Proxy.Micro.Coordination.Claiming;

/// <summary>The product's coalescer: a striped table whose joins take no stripe. It does more than the others: participants are counted and told an outcome.</summary>
internal sealed class ShippedClaims : IClaimStrategy
{
    private readonly RequestCoalescer<string, int> _coalescer = new(new CoalescerOptions(), TimeProvider.System);

    public Claim Acquire(int thread, string key)
    {
        CoalescingGuard<string, int> guard = _coalescer.Acquire(key);
        return new(guard.Flight, guard.IsLeader, guard);
    }

    public void Release(int thread, string key, in Claim claim)
    {
        if (claim.IsLeader)
        {
            claim.Guard.Flight.Complete(1);
        }

        claim.Guard.Dispose();
    }

    public void Dispose()
    {
    }
}
