using S3Proxy.Caching;
using S3Proxy.Caching.Redis;
using S3Proxy.Fetching;
using S3Proxy.Invalidation;

namespace S3Proxy.Fleet.Leases;

/// <summary>The lease of one object's flight. What ends it is sent at once and not awaited: nobody's bytes depend on it.</summary>
internal sealed class ObjectLease(LeaseStore store, RunLeases runs, ObjectEpochs epochs, ObjectId id, LeaseAnswer granted, long generation, int sliceBytes, SharedSlices slices, ILogger logger) : IObjectLease
{
    private readonly string _tag = RedisKeys.TagOf(id);
    private int _ended;

    /// <inheritdoc/>
    public IRunLease? Commit(ObjectMetadata metadata, (int First, int Last)? run)
    {
        if (!TryEnd())
        {
            return null;
        }

        (int First, int Last)? shared = slices.MayHold(metadata.Version) ? run : null;
        RedisVersion version = new(metadata.Version, sliceBytes);
        RunLease? lease = shared is { } opened ? runs.Add(version, granted.Fence, opened.Last) : null;
        Task committed = CommitAsync(metadata, version.Tag, shared);
        if (lease is not null)
        {
            lease.Registered = committed;
        }

        return lease;
    }

    /// <inheritdoc/>
    public void LetAll(TimeSpan time)
    {
        if (TryEnd())
        {
            _ = ReleaseAsync(hasFailed: false, time);
        }
    }

    /// <inheritdoc/>
    public void GiveUp()
    {
        if (TryEnd())
        {
            _ = ReleaseAsync(hasFailed: true, TimeSpan.Zero);
        }
    }

    private bool TryEnd() => Interlocked.Exchange(ref _ended, 1) == 0;

    private async Task CommitAsync(ObjectMetadata metadata, string versionTag, (int First, int Last)? run)
    {
        try
        {
            CommitVerdict verdict = await store.CommitAsync(_tag, granted, MetadataRecord.Write(metadata), versionTag, generation, run, CancellationToken.None);
            if (verdict is CommitVerdict.Invalidated or CommitVerdict.Uncertain)
            {
                // This replica has been told of it, or is about to be. What it committed to its own memory need not wait for that.
                epochs.Raise(id);
            }
        }
        catch (RedisUnavailableException error)
        {
            Log.NotShared(logger, id, error);
        }
    }

    private async Task ReleaseAsync(bool hasFailed, TimeSpan alone)
    {
        try
        {
            await store.ReleaseAsync(_tag, granted.Fence, hasFailed, alone, CancellationToken.None);
        }
        catch (RedisUnavailableException error)
        {
            Log.NotShared(logger, id, error);
        }
    }
}
