
namespace S3Proxy.Coalescing.Statistics;

/// <summary>A binary heap with the least score on top, whose entries know their places. Not thread-safe.</summary>
internal sealed class ScoreHeap<TKey>
{
    private readonly List<TrackedKey<TKey>> _entries = [];

    public int Count => _entries.Count;

    /// <summary>The entry with the least score. The heap must not be empty.</summary>
    public TrackedKey<TKey> Least => _entries[0];


    /// <summary>All entries, in no useful order.</summary>
    public List<TrackedKey<TKey>> Entries => _entries;

    public void Clear() => _entries.Clear();

    public void Add(TrackedKey<TKey> entry)
    {
        int place = _entries.Count;
        _entries.Add(entry);
        while (place > 0)
        {
            int parent = (place - 1) / 2;
            if (_entries[parent].Score <= entry.Score)
            {
                break;
            }

            Put(_entries[parent], place);
            place = parent;
        }

        Put(entry, place);
    }

    /// <summary>Moves an entry whose score has grown to its new place.</summary>
    public void OnRaised(TrackedKey<TKey> entry)
    {
        int place = entry.Place;
        while (true)
        {
            int child = (2 * place) + 1;
            if (child >= _entries.Count)
            {
                break;
            }

            if (child + 1 < _entries.Count && _entries[child + 1].Score < _entries[child].Score)
            {
                child++;
            }

            if (entry.Score <= _entries[child].Score)
            {
                break;
            }

            Put(_entries[child], place);
            place = child;
        }

        Put(entry, place);
    }

    private void Put(TrackedKey<TKey> entry, int place)
    {
        _entries[place] = entry;
        entry.Place = place;
    }
}
