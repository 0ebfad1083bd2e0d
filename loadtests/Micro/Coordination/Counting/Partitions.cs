namespace S3Proxy.Micro.Coordination.Counting;

/// <summary>Tables by hash of the key, a lock each. A partition counts the tenants of its own keys; readers add the partitions up.</summary>
internal sealed class Partitions
{
    /// <summary>A power of two, four times the largest number of threads.</summary>
    public const int Count = 64;

    private readonly Partition[] _partitions = [.. Enumerable.Range(0, Count).Select(_ => new Partition())];

    public static int IndexOf(string key) => key.GetHashCode(StringComparison.Ordinal) & (Count - 1);

    public void Add(in Step step)
    {
        Partition partition = _partitions[IndexOf(step.Key)];
        lock (partition.Lock)
        {
            partition.Tally.Add(step.Key, step.Tenant, new(1, step.Bytes));
        }
    }

    public void Merge(int index, Tally tally)
    {
        Partition partition = _partitions[index];
        lock (partition.Lock)
        {
            partition.Tally.Merge(tally);
        }
    }

    public long ReadRequests()
    {
        long requests = 0;
        foreach (Partition partition in _partitions)
        {
            lock (partition.Lock)
            {
                requests += partition.Tally.Requests;
            }
        }

        return requests;
    }

    public Tally ReadAll()
    {
        Tally all = new();
        foreach (Partition partition in _partitions)
        {
            all.Merge(partition.Tally);
        }

        return all;
    }

    private sealed class Partition
    {
        public Lock Lock { get; } = new();

        public Tally Tally { get; } = new();
    }
}
