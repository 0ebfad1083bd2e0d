namespace S3Proxy.Micro.Coordination.Counting;

/// <summary>Each thread counts a batch in a table of its own and merges it into the shared one under one lock.</summary>
internal sealed class BatchLocalMerge : ICountingStrategy
{
    private readonly Lock _lock = new();
    private readonly Tally _shared = new();
    private readonly Tally[] _local = [.. Enumerable.Range(0, Workload.MaxThreads).Select(_ => new Tally())];

    public void Record(int thread, in Step step)
    {
        Tally local = _local[thread];
        local.Add(step.Key, step.Tenant, new(1, step.Bytes));
        if (local.Requests == Batches.Steps)
        {
            Finish(thread);
        }
    }

    public void Finish(int thread)
    {
        lock (_lock)
        {
            _shared.Merge(_local[thread]);
        }

        _local[thread].Clear();
    }

    public long ReadRequests()
    {
        lock (_lock)
        {
            return _shared.Requests;
        }
    }

    public Tally ReadAll() => _shared;

    public void Dispose()
    {
    }
}
