using S3Proxy.Caching;
using S3Proxy.Coalescing;
using S3Proxy.Fetching;
using S3Proxy.Invalidation;

namespace S3Proxy.Tests.Fetching;

/// <summary>Other replicas that know nothing and let this one ask about every object. Counts what it is told.</summary>
internal sealed class GrantingFleet(ObjectEpochs epochs) : IFleet, IObjectLease
{
    public int Commits { get; private set; }

    public ValueTask<ObjectClaim> ClaimAsync(ObjectTarget target, bool needsChecksums, bool waits, CancellationToken cancellationToken) =>
        new(new ObjectClaim.Granted(this, Stale: null) { LocalEpoch = epochs.Current(target.Id) });

    public ValueTask<RunClaim> ClaimAsync(ObjectTarget target, ObjectVersion version, long position, int last, long inVain, bool isAlone, CancellationToken cancellationToken) =>
        new(RunClaim.Alone.Instance);

    public void Store(SliceKey key, SharedBody body)
    {
    }

    public ValueTask ForgetAsync(ObjectId id, ObjectVersion? version) => default;

    public IDisposable Watch(ObjectVersion version, Action onCorrupt) => new MemoryStream();

    public ValueTask DropAsync(ObjectVersion version) => default;

    public IRunLease? Commit(ObjectMetadata metadata, (int First, int Last)? run)
    {
        Commits++;
        return null;
    }

    public void LetAll(TimeSpan time)
    {
    }

    public void GiveUp()
    {
    }
}
