namespace S3Proxy.Coalescing.Statistics;

/// <summary>
/// Exact usage by name for a bounded number of names. What belongs to names beyond the bound is counted together as <see cref="Other"/>, so
/// the sum over the table is always the sum of what was added.
/// </summary>
/// <remarks>
/// Not thread-safe. Merging is commutative and associative as long as all names fit; beyond that it depends on the order which names stand for
/// themselves, and still nothing is lost from <see cref="Total"/>.
/// </remarks>
/// <typeparam name="TName">What usage is counted by; compared by value.</typeparam>
public sealed class UsageTable<TName>
    where TName : notnull
{
    private readonly Dictionary<TName, Usage> _entries = [];

    /// <summary>Makes an empty table.</summary>
    /// <param name="maxNames">Names that are counted by themselves, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxNames"/> is below 1.</exception>
    public UsageTable(int maxNames)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxNames, 1);
        MaxNames = maxNames;
    }

    /// <summary>Bound on names that are counted by themselves.</summary>
    public int MaxNames { get; }

    /// <summary>Names that are counted by themselves.</summary>
    public int Count => _entries.Count;

    /// <summary>Usage of all names that found no room.</summary>
    public Usage Other { get; private set; }

    /// <summary>Usage of all names together.</summary>
    public Usage Total { get; private set; }

    /// <summary>The names that are counted by themselves, in no order.</summary>
    public IReadOnlyDictionary<TName, Usage> Entries => _entries;

    /// <summary>Adds usage of a name.</summary>
    public void Add(TName name, Usage usage)
    {
        Total += usage;
        ref Usage entry = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrNullRef(_entries, name);
        if (!System.Runtime.CompilerServices.Unsafe.IsNullRef(ref entry))
        {
            entry += usage;
        }
        else if (_entries.Count < MaxNames)
        {
            _entries.Add(name, usage);
        }
        else
        {
            Other += usage;
        }
    }

    /// <summary>Adds all that <paramref name="other"/> has counted, which stays as it is.</summary>
    public void Merge(UsageTable<TName> other)
    {
        ArgumentNullException.ThrowIfNull(other);
        foreach ((TName name, Usage usage) in other._entries)
        {
            Add(name, usage);
        }

        Other += other.Other;
        Total += other.Other;
    }
}
