using S3Proxy.Caching;
using S3Proxy.Caching.Memory;
using S3Proxy.Fetching;

namespace S3Proxy.Invalidation;

/// <summary>Has this replica forget objects that no write of its own concerns: those of a purge, and those that other replicas have changed. Thread-safe; without state.</summary>
internal sealed class LocalPurge(ObjectEpochs epochs, FlightTables tables, MemoryTier memory)
{
    /// <summary>Drops what is known of objects, and their slices if <paramref name="dropSlices"/>. Above zero they are suspect for <paramref name="suspectFor"/>.</summary>
    public PurgeCount Purge(IReadOnlyCollection<ObjectId> objects, TimeSpan suspectFor, bool dropSlices)
    {
        int dropped = 0;
        foreach (ObjectId id in objects)
        {
            dropped += (suspectFor > TimeSpan.Zero ? epochs.Raise(id, suspectFor) : epochs.Raise(id)) ? 1 : 0;
            tables.Detach(id);
        }

        HashSet<ObjectId> named = [.. objects];
        return new PurgeCount(dropped, dropSlices ? memory.RemoveSlices(named.Contains) : 0);
    }

    /// <summary>As the other, for a scope. Looks at everything that is in memory.</summary>
    public PurgeCount Purge(CacheScope scope, TimeSpan suspectFor, bool dropSlices)
    {
        if (suspectFor > TimeSpan.Zero && scope is { Origin: { } origin, Bucket: { } bucket })
        {
            epochs.Raise(new BucketId(origin, bucket), suspectFor);
        }

        int dropped = epochs.Raise(scope);
        tables.Detach(scope);
        return new PurgeCount(dropped, dropSlices ? memory.RemoveSlices(scope.Holds) : 0);
    }

    /// <summary>Has nothing that was asked for until now be admitted or told to anyone else; what is known stays, to be asked about.</summary>
    public void StartAfresh()
    {
        epochs.RaiseAll();
        tables.Detach(CacheScope.All);
    }
}
