using System.Collections.Concurrent;
using S3Proxy.Coalescing.Statistics;

namespace S3Proxy.Micro.Coordination.Counting;

/// <summary>Copy-out/copy-in of single entries: the immutable value is read, a changed copy is put back if nobody was faster, else again.</summary>
internal sealed class CopiedEntries : ICountingStrategy
{
    private readonly ConcurrentDictionary<string, Usage> _keys = new();
    private readonly ConcurrentDictionary<string, Usage> _tenants = new();

    public void Record(int thread, in Step step)
    {
        Usage usage = new(1, step.Bytes);
        Add(_keys, step.Key, usage);
        Add(_tenants, step.Tenant, usage);
    }

    public void Finish(int thread)
    {
    }

    public long ReadRequests() => _tenants.Sum(tenant => tenant.Value.Requests);

    public Tally ReadAll()
    {
        Tally all = new();
        foreach ((string key, Usage usage) in _keys)
        {
            all.AddKey(key, usage);
        }

        foreach ((string tenant, Usage usage) in _tenants)
        {
            all.AddTenant(tenant, usage);
        }

        return all;
    }

    public void Dispose()
    {
    }

    private static void Add(ConcurrentDictionary<string, Usage> table, string name, Usage usage)
    {
        while (true)
        {
            if (table.TryGetValue(name, out Usage old) ? table.TryUpdate(name, old + usage, old) : table.TryAdd(name, usage))
            {
                return;
            }
        }
    }
}
