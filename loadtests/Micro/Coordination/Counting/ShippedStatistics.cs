using S3Proxy.Coalescing.Statistics;

namespace S3Proxy.Micro.Coordination.Counting;

/// <summary>What the product uses: a batch a processor, taken and put back by atomic exchange, merged on the thread pool.</summary>
/// <remarks>It also finds the hottest keys, which the others do not; here it tracks all keys, so that every single one can be checked.</remarks>
internal sealed class ShippedStatistics(int keys) : ICountingStrategy
{
    private readonly UsageStatistics<string, string> _statistics = new(new UsageStatisticsOptions { MaxTrackedKeys = keys, BatchRecords = Batches.Steps }, TimeProvider.System);
    private readonly int _keys = keys;

    public void Record(int thread, in Step step) => _statistics.Record(step.Key, step.Tenant, step.Bytes);

    public void Finish(int thread)
    {
    }

    public long ReadRequests() => _statistics.Read(0).Total.Requests;

    public Tally ReadAll()
    {
        UsageSnapshot<string, string> snapshot = _statistics.Read(_keys);
        Tally all = new();
        foreach (HotKey<string> key in snapshot.HotKeys)
        {
            all.AddKey(key.Key, key.Seen);
        }

        foreach ((string tenant, Usage usage) in snapshot.Tenants)
        {
            all.AddTenant(tenant, usage);
        }

        return all;
    }

    public void Dispose()
    {
    }
}
