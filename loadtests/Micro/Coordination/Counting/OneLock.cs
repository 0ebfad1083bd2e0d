namespace S3Proxy.Micro.Coordination.Counting;

/// <summary>One table under one lock.</summary>
internal sealed class OneLock : ICountingStrategy
{
    private readonly Lock _lock = new();
    private readonly Tally _tally = new();

    public void Record(int thread, in Step step)
    {
        lock (_lock)
        {
            _tally.Add(step.Key, step.Tenant, new(1, step.Bytes));
        }
    }

    public void Finish(int thread)
    {
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
