namespace S3Proxy.Micro.Coordination.Counting;

/// <summary>A table and a lock a partition of the keys, taken for each step.</summary>
internal sealed class StripedLocks : ICountingStrategy
{
    private readonly Partitions _partitions = new();

    public void Record(int thread, in Step step) => _partitions.Add(step);

    public void Finish(int thread)
    {
    }

    public long ReadRequests() => _partitions.ReadRequests();

    public Tally ReadAll() => _partitions.ReadAll();

    public void Dispose()
    {
    }
}
