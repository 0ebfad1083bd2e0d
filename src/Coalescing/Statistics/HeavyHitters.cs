namespace S3Proxy.Coalescing.Statistics;

/// <summary>
/// The keys that are used most, out of any number, in bounded memory: the space-saving summary (Metwally, Agrawal, El Abbadi 2005) with ageing.
/// </summary>
/// <remarks>
/// Not thread-safe. The score of a tracked key is never below the key's true (aged) weight and above it by at most its error; no untracked key weighs
/// more than <see cref="UntrackedBound"/>. Without merges the scores sum to the weight <c>W</c> of everything added, so with <c>m</c> tracked keys every key
/// above <c>W / m</c> is tracked. With at most <c>m</c> distinct keys everything is exact, and merging is commutative and associative; beyond that the bounds
/// hold for merges in any order and grouping (Agarwal et al., "Mergeable summaries", 2012).
/// </remarks>
/// <typeparam name="TKey">What is counted; compared by value.</typeparam>
public sealed class HeavyHitters<TKey>
    where TKey : notnull
{
    private readonly Dictionary<TKey, TrackedKey<TKey>> _tracked;
    private readonly ScoreHeap<TKey> _byScore;

    /// <summary>Bound on what keys had that merges dropped.</summary>
    private double _mergedBound;

    /// <summary>Makes an empty summary.</summary>
    /// <param name="maxKeys">Tracked keys, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxKeys"/> is below 1.</exception>
    public HeavyHitters(int maxKeys)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxKeys, 1);
        MaxKeys = maxKeys;
        _tracked = [];
        _byScore = new ScoreHeap<TKey>();
    }

    /// <summary>Bound on tracked keys.</summary>
    public int MaxKeys { get; }

    /// <summary>Tracked keys.</summary>
    public int Count => _byScore.Count;

    /// <summary>No key that is not tracked has more than this weight; 0 while there is room.</summary>
    public double UntrackedBound => Math.Max(_mergedBound, Count < MaxKeys ? 0 : _byScore.Least.Score);

    /// <summary>Adds usage of a key; each request weighs 1.</summary>
    public void Add(TKey key, Usage usage)
    {
        if (_tracked.TryGetValue(key, out TrackedKey<TKey>? tracked))
        {
            tracked.Seen += usage;
            tracked.Score += usage.Requests;
            return;
        }

        double takenOver = UntrackedBound;
        Insert(key, usage.Requests + takenOver, takenOver, usage);
    }

    /// <summary>Lets all weights age: multiplies them by <paramref name="factor"/>, above 0 and at most 1.</summary>
    public void Age(double factor)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(factor);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(factor, 1);
        _mergedBound *= factor;
        _byScore.Scale(factor);
    }

    /// <summary>Adds all that <paramref name="other"/> has counted, which stays as it is. Both must have aged to the same moment.</summary>
    public void Merge(HeavyHitters<TKey> other)
    {
        ArgumentNullException.ThrowIfNull(other);
        double mineAtMost = UntrackedBound;
        double othersAtMost = other.UntrackedBound;
        Dictionary<TKey, HotKey<TKey>> all = [];
        foreach (TrackedKey<TKey> mine in _byScore.Entries)
        {
            HotKey<TKey> theirs = other.Find(mine.Key) ?? new(mine.Key, othersAtMost, othersAtMost, default);
            all[mine.Key] = new(mine.Key, mine.Score + theirs.Hotness, mine.Error + theirs.HotnessError, mine.Seen + theirs.Seen);
        }

        foreach (TrackedKey<TKey> theirs in other._byScore.Entries)
        {
            all.TryAdd(theirs.Key, new(theirs.Key, theirs.Score + mineAtMost, theirs.Error + mineAtMost, theirs.Seen));
        }

        HotKey<TKey>[] ordered = [.. all.Values.OrderByDescending(key => key.Hotness)];
        _tracked.Clear();
        _byScore.Clear();
        _mergedBound = mineAtMost + othersAtMost;
        foreach (HotKey<TKey> key in ordered.AsSpan(0, Math.Min(MaxKeys, ordered.Length)))
        {
            Insert(key.Key, key.Hotness, key.HotnessError, key.Seen);
        }

        if (ordered.Length > MaxKeys)
        {
            _mergedBound = Math.Max(_mergedBound, ordered[MaxKeys].Hotness);
        }
    }

    /// <summary>The tracked key, or null.</summary>
    public HotKey<TKey>? Find(TKey key) => _tracked.TryGetValue(key, out TrackedKey<TKey>? tracked) ? tracked.ToHotKey() : null;

    /// <summary>The hottest keys, hottest first.</summary>
    /// <param name="count">How many at most.</param>
    public IReadOnlyList<HotKey<TKey>> Top(int count) =>
        [.. _byScore.Entries.OrderByDescending(key => key.Score).Take(count).Select(key => key.ToHotKey())];

    private void Insert(TKey key, double score, double error, Usage seen)
    {
        if (Count < MaxKeys)
        {
            TrackedKey<TKey> added = new() { Key = key, Score = score, Error = error, Seen = seen };
            _tracked.Add(key, added);
            _byScore.Add(added);
            return;
        }

        // The least one makes room; its object is used again, so that a stream of strangers allocates nothing.
        TrackedKey<TKey> displaced = _byScore.Least;
        _tracked.Remove(displaced.Key);
        displaced.Key = key;
        displaced.Score = score;
        displaced.Error = error;
        displaced.Seen = seen;
        _tracked.Add(key, displaced);
    }
}
