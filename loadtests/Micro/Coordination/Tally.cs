using System.Runtime.InteropServices;
using S3Proxy.Coalescing.Statistics;

namespace S3Proxy.Micro.Coordination;

/// <summary>Usage by key and by tenant. Not thread-safe: how threads share it is what is compared.</summary>
internal sealed class Tally
{
    private readonly Dictionary<string, Usage> _keys;
    private readonly Dictionary<string, Usage> _tenants;

    public Tally()
        : this([], [])
    {
    }

    private Tally(Dictionary<string, Usage> keys, Dictionary<string, Usage> tenants)
    {
        _keys = keys;
        _tenants = tenants;
    }

    public long Requests { get; private set; }

    public void Add(string key, string tenant, Usage usage)
    {
        AddKey(key, usage);
        AddTenant(tenant, usage);
    }

    public void AddKey(string key, Usage usage)
    {
        CollectionsMarshal.GetValueRefOrAddDefault(_keys, key, out _) += usage;
        Requests += usage.Requests;
    }

    public void AddTenant(string tenant, Usage usage) => CollectionsMarshal.GetValueRefOrAddDefault(_tenants, tenant, out _) += usage;

    public void Merge(Tally other)
    {
        foreach ((string key, Usage usage) in other._keys)
        {
            AddKey(key, usage);
        }

        foreach ((string tenant, Usage usage) in other._tenants)
        {
            AddTenant(tenant, usage);
        }
    }

    public Tally Copy() => new(new Dictionary<string, Usage>(_keys), new Dictionary<string, Usage>(_tenants)) { Requests = Requests };

    public void Clear()
    {
        _keys.Clear();
        _tenants.Clear();
        Requests = 0;
    }

    /// <summary>The first difference for people, or null when both have counted the same for every key and every tenant.</summary>
    public string? DifferenceTo(Tally expected) => Difference("key", _keys, expected._keys) ?? Difference("tenant", _tenants, expected._tenants);

    private static string? Difference(string what, Dictionary<string, Usage> counted, Dictionary<string, Usage> expected)
    {
        foreach ((string name, Usage usage) in expected)
        {
            if (counted.GetValueOrDefault(name) != usage)
            {
                return $"{what} {name}: counted {counted.GetValueOrDefault(name)}, expected {usage}";
            }
        }

        return counted.Count == expected.Count ? null : $"counted {counted.Count} {what}s, expected {expected.Count}";
    }
}
