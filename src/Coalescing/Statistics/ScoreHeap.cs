namespace S3Proxy.Coalescing.Statistics;

/// <summary>
/// A heap that finds the entry with the least score. Scores only grow, so an entry stays where it stood until it comes to the top: raising a score costs
/// nothing, which is what happens for nearly every request.
/// </summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class ScoreHeap<TKey>
{
    private readonly List<TrackedKey<TKey>> _entries = [];

    public int Count => _entries.Count;

    /// <summary>The entry with the least score. The heap must not be empty.</summary>
    public TrackedKey<TKey> Least
    {
        get
        {
            while (_entries[0].PlacedScore < _entries[0].Score)
            {
                _entries[0].PlacedScore = _entries[0].Score;
                SiftDown(_entries[0]);
            }

            return _entries[0];
        }
    }

    /// <summary>All entries, in no useful order.</summary>
    public List<TrackedKey<TKey>> Entries => _entries;

    public void Clear() => _entries.Clear();

    public void Add(TrackedKey<TKey> entry)
    {
        entry.PlacedScore = entry.Score;
        int place = _entries.Count;
        _entries.Add(entry);
        while (place > 0)
        {
            int parent = (place - 1) / 2;
            if (_entries[parent].PlacedScore <= entry.PlacedScore)
            {
                break;
            }

            _entries[place] = _entries[parent];
            place = parent;
        }

        _entries[place] = entry;
    }

    /// <summary>Multiplies all scores by one factor, which keeps their order.</summary>
    public void Scale(double factor)
    {
        foreach (TrackedKey<TKey> entry in _entries)
        {
            entry.Score *= factor;
            entry.PlacedScore *= factor;
            entry.Error *= factor;
        }
    }

    private void SiftDown(TrackedKey<TKey> top)
    {
        int place = 0;
        while (true)
        {
            int child = (2 * place) + 1;
            if (child >= _entries.Count)
            {
                break;
            }

            if (child + 1 < _entries.Count && _entries[child + 1].PlacedScore < _entries[child].PlacedScore)
            {
                child++;
            }

            if (top.PlacedScore <= _entries[child].PlacedScore)
            {
                break;
            }

            _entries[place] = _entries[child];
            place = child;
        }

        _entries[place] = top;
    }
}
