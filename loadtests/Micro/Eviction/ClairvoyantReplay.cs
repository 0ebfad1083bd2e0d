namespace S3Proxy.Micro.Eviction;

/// <summary>
/// What can be reached: the object whose next request is farthest leaves, and one that is asked for again later than all others is not taken in at all (Belady). Best
/// possible for objects of one size; for several a good guess.
/// </summary>
internal static class ClairvoyantReplay
{
    public const string Name = "knows the future";

    public static ReplaySample Run(Trace trace, double cacheShare)
    {
        long budget = (long)(trace.DistinctBytes * cacheShare);
        int[] next = NextUses(trace);
        int[] due = new int[trace.Sizes.Length];
        Array.Fill(due, -1);
        PriorityQueue<int, int> farthest = new();
        long used = 0;
        long hits = 0;
        long hitBytes = 0;
        long bytes = 0;
        int warmUp = trace.Requests.Length / 10;
        for (int step = 0; step < trace.Requests.Length; step++)
        {
            int id = trace.Requests[step];
            int size = trace.Sizes[id];
            bool counts = step >= warmUp;
            bytes += counts ? size : 0;
            if (due[id] >= 0)
            {
                hits += counts ? 1 : 0;
                hitBytes += counts ? size : 0;
            }
            else
            {
                used += size;
            }

            due[id] = next[step];
            farthest.Enqueue(id, -next[step]);
            while (used > budget && farthest.TryDequeue(out int candidate, out int when))
            {
                // Places of the heap that a later request has made void are passed over.
                if (due[candidate] == -when)
                {
                    due[candidate] = -1;
                    used -= trace.Sizes[candidate];
                }
            }
        }

        return new ReplaySample(trace.Name, Name, cacheShare, hits / (double)(trace.Requests.Length - warmUp), hitBytes / (double)bytes, 0);
    }

    private static int[] NextUses(Trace trace)
    {
        int[] next = new int[trace.Requests.Length];
        int[] seen = new int[trace.Sizes.Length];
        Array.Fill(seen, int.MaxValue);
        for (int step = next.Length - 1; step >= 0; step--)
        {
            next[step] = seen[trace.Requests[step]];
            seen[trace.Requests[step]] = step;
        }

        return next;
    }
}
