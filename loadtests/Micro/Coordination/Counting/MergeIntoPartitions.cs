namespace S3Proxy.Micro.Coordination.Counting;

/// <summary>Each thread counts a batch in local tables, one a partition, and merges those that are not empty, each under its partition's lock.</summary>
internal sealed class MergeIntoPartitions : ICountingStrategy
{
    private readonly Partitions _shared = new();
    private readonly Tally[][] _local =
        [.. Enumerable.Range(0, Workload.MaxThreads).Select(_ => Enumerable.Range(0, Partitions.Count).Select(_ => new Tally()).ToArray())];
    private readonly int[] _steps = new int[Workload.MaxThreads * Padding.Longs];

    public void Record(int thread, in Step step)
    {
        _local[thread][Partitions.IndexOf(step.Key)].Add(step.Key, step.Tenant, new(1, step.Bytes));
        if (++_steps[thread * Padding.Longs] == Batches.Steps)
        {
            Finish(thread);
        }
    }

    public void Finish(int thread)
    {
        for (int partition = 0; partition < Partitions.Count; partition++)
        {
            Tally local = _local[thread][partition];
            if (local.Requests > 0)
            {
                _shared.Merge(partition, local);
                local.Clear();
            }
        }

        _steps[thread * Padding.Longs] = 0;
    }

    public long ReadRequests() => _shared.ReadRequests();

    public Tally ReadAll() => _shared.ReadAll();

    public void Dispose()
    {
    }
}
