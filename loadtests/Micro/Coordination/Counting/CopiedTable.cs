namespace S3Proxy.Micro.Coordination.Counting;

/// <summary>
/// Copy-out/copy-in: threads collect a batch; for each the whole state is copied out, changed and put back. The lock is held over all three, without
/// it updates would be lost.
/// </summary>
internal sealed class CopiedTable : ICountingStrategy
{
    private readonly Lock _lock = new();
    private readonly List<Step>[] _batches = [.. Enumerable.Range(0, Workload.MaxThreads).Select(_ => new List<Step>(Batches.Steps))];
    private Tally _tally = new();

    public void Record(int thread, in Step step)
    {
        List<Step> batch = _batches[thread];
        batch.Add(step);
        if (batch.Count == Batches.Steps)
        {
            Finish(thread);
        }
    }

    public void Finish(int thread)
    {
        List<Step> batch = _batches[thread];
        lock (_lock)
        {
            Tally copy = _tally.Copy();
            foreach (Step step in batch)
            {
                copy.Add(step.Key, step.Tenant, new(1, step.Bytes));
            }

            _tally = copy;
        }

        batch.Clear();
    }

    public long ReadRequests()
    {
        lock (_lock)
        {
            return _tally.Requests;
        }
    }

    public Tally ReadAll() => _tally;

    public void Dispose()
    {
    }
}
