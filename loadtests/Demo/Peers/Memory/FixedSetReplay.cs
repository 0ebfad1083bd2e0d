namespace S3Proxy.Demo.Peers.Memory;

/// <summary>A cache that never changes: it has the objects of the greatest worth that fit. Immutable.</summary>
internal sealed class FixedSetReplay
{
    private readonly bool[] _isKept;

    /// <param name="sizes">Bytes of each object.</param>
    /// <param name="worthOf">What an object is worth.</param>
    /// <param name="capacityBytes">Bytes of content that it holds at most.</param>
    public FixedSetReplay(IReadOnlyList<long> sizes, Func<int, double> worthOf, long capacityBytes)
    {
        _isKept = new bool[sizes.Count];
        long bytes = 0;
        foreach (int index in Enumerable.Range(0, sizes.Count).OrderByDescending(worthOf).TakeWhile(index => bytes + sizes[index] <= capacityBytes))
        {
            _isKept[index] = true;
            bytes += sizes[index];
        }
    }

    /// <summary>Asks for objects; the share of them that is there.</summary>
    public double Play(IEnumerable<int> requests) => requests.Average(index => _isKept[index] ? 1.0 : 0.0);
}
