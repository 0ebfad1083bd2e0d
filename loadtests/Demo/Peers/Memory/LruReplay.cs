namespace S3Proxy.Demo.Peers.Memory;

/// <summary>A cache that keeps exactly what was asked for last, and nothing beside the objects' bytes. Not thread-safe.</summary>
/// <param name="sizes">Bytes of each object.</param>
/// <param name="capacityBytes">Bytes of content that it holds at most.</param>
internal sealed class LruReplay(IReadOnlyList<long> sizes, long capacityBytes)
{
    private readonly LinkedListNode<int>?[] _kept = new LinkedListNode<int>?[sizes.Count];
    private readonly LinkedList<int> _byAge = new();
    private long _bytes;

    /// <summary>Asks for objects, in order; the share of them that was there.</summary>
    public double Play(IEnumerable<int> requests)
    {
        long hits = 0;
        long count = 0;
        foreach (int index in requests)
        {
            count++;
            if (_kept[index] is { } node)
            {
                hits++;
                _byAge.Remove(node);
                _byAge.AddFirst(node);
            }
            else
            {
                _kept[index] = _byAge.AddFirst(index);
                _bytes += sizes[index];
                Trim();
            }
        }

        return (double)hits / Math.Max(1, count);
    }

    private void Trim()
    {
        while (_bytes > capacityBytes)
        {
            int oldest = _byAge.Last!.Value;
            _byAge.RemoveLast();
            _kept[oldest] = null;
            _bytes -= sizes[oldest];
        }
    }
}
