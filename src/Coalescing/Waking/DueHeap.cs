namespace S3Proxy.Coalescing.Waking;

/// <summary>
/// Tokens by the time at which their wait ends: the earliest first, equal ones in the order in which they began. Each token knows its place, so that one leaves in
/// logarithmic time. The hub's lock protects it.
/// </summary>
internal sealed class DueHeap<TKey>
    where TKey : notnull, IEquatable<TKey>
{
    /// <summary>Place of a token that is in no heap.</summary>
    public const int Nowhere = -1;

    private readonly List<WakeToken<TKey>> _tokens = [];

    public int Count => _tokens.Count;

    /// <summary>The token that is due first. The heap must not be empty.</summary>
    public WakeToken<TKey> First => _tokens[0];

    public void Add(WakeToken<TKey> token)
    {
        _tokens.Add(token);
        SiftUp(token, _tokens.Count - 1);
    }

    /// <summary>Takes a token out; does nothing when it is not in.</summary>
    public void Remove(WakeToken<TKey> token)
    {
        int place = token.HeapPlace;
        if (place == Nowhere)
        {
            return;
        }

        token.HeapPlace = Nowhere;
        WakeToken<TKey> last = _tokens[^1];
        _tokens.RemoveAt(_tokens.Count - 1);
        if (ReferenceEquals(last, token))
        {
            return;
        }

        SiftDown(last, place);
        SiftUp(last, last.HeapPlace);
    }

    private static bool IsBefore(WakeToken<TKey> left, WakeToken<TKey> right) =>
        left.DueAt != right.DueAt ? left.DueAt < right.DueAt : left.WaitNumber < right.WaitNumber;

    private void SiftUp(WakeToken<TKey> token, int place)
    {
        while (place > 0)
        {
            int parent = (place - 1) / 2;
            if (!IsBefore(token, _tokens[parent]))
            {
                break;
            }

            Put(_tokens[parent], place);
            place = parent;
        }

        Put(token, place);
    }

    private void SiftDown(WakeToken<TKey> token, int place)
    {
        while (true)
        {
            int child = (2 * place) + 1;
            if (child >= _tokens.Count)
            {
                break;
            }

            if (child + 1 < _tokens.Count && IsBefore(_tokens[child + 1], _tokens[child]))
            {
                child++;
            }

            if (!IsBefore(_tokens[child], token))
            {
                break;
            }

            Put(_tokens[child], place);
            place = child;
        }

        Put(token, place);
    }

    private void Put(WakeToken<TKey> token, int place)
    {
        _tokens[place] = token;
        token.HeapPlace = place;
    }
}
