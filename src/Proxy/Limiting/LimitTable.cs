using S3Proxy.Configuration;

namespace S3Proxy.Limiting;

/// <summary>
/// What clients have had lately, by key or address. Bounded: who asked longest ago is forgotten first, but for those whose requests run, of whom there are no more than requests.
/// </summary>
/// <remarks>
/// Thread-safe. Split into parts, each with a lock that protects its table, its order and its entries; no two are held together. To let a client in that is known allocates nothing.
/// </remarks>
internal sealed class LimitTable<TKey>(TimeProvider timeProvider)
    where TKey : notnull
{
    private const int Parts = 16;

    /// <summary>How many of the oldest are looked at for one that can go.</summary>
    private const int MostLooks = 8;

    private readonly Part[] _parts = [.. Enumerable.Range(0, Parts).Select(_ => new Part())];
    private long _forgotten;

    /// <summary>Clients that are remembered.</summary>
    public int Count => _parts.Sum(part => part.Count);

    /// <summary>Clients that were forgotten for want of room.</summary>
    public long Forgotten => Interlocked.Read(ref _forgotten);

    /// <summary>Lets a client's request in, or not.</summary>
    /// <param name="key">The client.</param>
    /// <param name="limit">What it may have.</param>
    /// <param name="maxTracked">Clients to remember, in all.</param>
    public LimitVerdict TryEnter(TKey key, LimitConfiguration limit, int maxTracked)
    {
        Part part = _parts[(uint)key.GetHashCode() % Parts];
        lock (part.Lock)
        {
            LimitEntry entry = part.Find(key, Math.Max(1, maxTracked / Parts), out int forgotten);
            if (forgotten > 0)
            {
                Interlocked.Add(ref _forgotten, forgotten);
            }

            return entry.TryEnter(limit, timeProvider);
        }
    }

    private sealed class Part
    {
        private readonly Dictionary<TKey, LinkedListNode<(TKey Key, LimitEntry Entry)>> _nodes = [];

        /// <summary>Who asked last, or was found busy when it should have been forgotten, comes first.</summary>
        private readonly LinkedList<(TKey Key, LimitEntry Entry)> _order = new();

        public Lock Lock { get; } = new();

        public int Count
        {
            get
            {
                lock (Lock)
                {
                    return _nodes.Count;
                }
            }
        }

        public LimitEntry Find(TKey key, int most, out int forgotten)
        {
            forgotten = 0;
            if (_nodes.TryGetValue(key, out LinkedListNode<(TKey Key, LimitEntry Entry)>? node))
            {
                if (node != _order.First)
                {
                    _order.Remove(node);
                    _order.AddFirst(node);
                }

                return node.Value.Entry;
            }

            // Two at a time, so that it shrinks again after a time with many that could not go, and after a reload that lowers the bound.
            while (_nodes.Count >= most && forgotten < 2 && TryForget())
            {
                forgotten++;
            }

            _nodes[key] = node = _order.AddFirst((key, new LimitEntry(Lock)));
            return node.Value.Entry;
        }

        /// <summary>Forgets who asked longest ago. Whose requests run gets a second chance: it goes to the front, so that no number of such at the end keeps those behind from being looked at.</summary>
        private bool TryForget()
        {
            for (int looks = 0; looks < MostLooks && _order.Last is { } oldest; looks++)
            {
                _order.Remove(oldest);
                if (!oldest.Value.Entry.IsBusy)
                {
                    _nodes.Remove(oldest.Value.Key);
                    return true;
                }

                _order.AddFirst(oldest);
            }

            return false;
        }
    }
}
