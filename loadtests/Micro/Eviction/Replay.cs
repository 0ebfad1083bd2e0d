using S3Proxy.Caching.Memory;

namespace S3Proxy.Micro.Eviction;

/// <summary>Replays a trace against a policy, asking it as the memory tier does: room is made first, then the entry is added.</summary>
internal static class Replay
{
    /// <summary>The first tenth of the requests fills the cache and is not counted.</summary>
    private const int WarmUpShare = 10;

    public static ReplaySample Run(Trace trace, ReplayedPolicy replayed, double cacheShare)
    {
        long budget = (long)(trace.DistinctBytes * cacheShare);
        IEvictionPolicy policy = replayed.Make(budget);
        ReplayEntry?[] cached = new ReplayEntry?[trace.Sizes.Length];
        long used = 0;
        long hits = 0;
        long hitBytes = 0;
        long bytes = 0;
        int warmUp = trace.Requests.Length / WarmUpShare;
        long start = TimeProvider.System.GetTimestamp();
        for (int step = 0; step < trace.Requests.Length; step++)
        {
            int id = trace.Requests[step];
            int size = trace.Sizes[id];
            bytes += step < warmUp ? 0 : size;
            if (cached[id] is { } entry)
            {
                replayed.OnHit(policy, entry);
                hits += step < warmUp ? 0 : 1;
                hitBytes += step < warmUp ? 0 : size;
                continue;
            }

            if (size > budget)
            {
                continue;
            }

            while (used + size > budget)
            {
                ReplayEntry evicted = (ReplayEntry)policy.Evict()!;
                cached[evicted.Id] = null;
                used -= evicted.Bytes;
            }

            ReplayEntry added = new(id, size);
            cached[id] = added;
            used += size;
            policy.Add(added);
        }

        double nanoseconds = TimeProvider.System.GetElapsedTime(start).TotalNanoseconds / trace.Requests.Length;
        return new ReplaySample(trace.Name, replayed.Name, cacheShare, hits / (double)(trace.Requests.Length - warmUp), hitBytes / (double)bytes, nanoseconds);
    }
}
