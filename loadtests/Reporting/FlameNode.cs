namespace S3Proxy.Reporting;

/// <summary>A function of a flame graph, below the one that called it. Used by one thread.</summary>
/// <param name="name">What it is called.</param>
/// <param name="room">Whose it is, which decides its colour.</param>
public sealed class FlameNode(string name, string room)
{
    private readonly SortedDictionary<string, FlameNode> _callees = new(StringComparer.Ordinal);

    public string Name => name;

    public string Room => room;

    /// <summary>Samples in which it, or something that it called, was running.</summary>
    public long Samples { get; private set; }

    /// <summary>What it called, by name.</summary>
    public IReadOnlyCollection<FlameNode> Callees => _callees.Values;

    /// <summary>How many functions deep it goes, itself included, where each has at least so many samples.</summary>
    public int DepthOf(long leastSamples) =>
        1 + Callees.Where(callee => callee.Samples >= leastSamples).Select(callee => callee.DepthOf(leastSamples)).DefaultIfEmpty(0).Max();

    /// <summary>Counts a stack, outermost function first.</summary>
    public void Add(IReadOnlyList<(string Name, string Room)> stack, long samples)
    {
        ArgumentNullException.ThrowIfNull(stack);
        FlameNode node = this;
        node.Samples += samples;
        foreach ((string callee, string owner) in stack)
        {
            if (!node._callees.TryGetValue(callee, out FlameNode? next))
            {
                next = new FlameNode(callee, owner);
                node._callees.Add(callee, next);
            }

            node = next;
            node.Samples += samples;
        }
    }
}
