namespace S3Proxy.Micro.Eviction;

/// <summary>
/// Hashes of what was evicted lately, as many as would fill the budget. A collision only misjudges an entry's worth. Not thread-safe.
/// </summary>
internal sealed class GhostQueue(long budgetBytes)
{
    private const int MaxEntries = 1 << 20;

    private readonly Dictionary<int, int> _bytes = [];
    private readonly Queue<int> _order = new();
    private long _total;

    public void Add(int hash, int bytes)
    {
        if (_bytes.TryAdd(hash, bytes))
        {
            _order.Enqueue(hash);
            _total += bytes;
        }

        while ((_total > budgetBytes || _order.Count > MaxEntries) && _order.TryDequeue(out int oldest))
        {
            Remove(oldest);
        }
    }

    /// <summary>Forgets a hash; true when it was known. Its place in the order stays until it comes up.</summary>
    public bool Remove(int hash)
    {
        if (!_bytes.Remove(hash, out int bytes))
        {
            return false;
        }

        _total -= bytes;
        return true;
    }
}
