using S3Proxy.Caching.Memory;

namespace S3Proxy.Micro.Eviction;

/// <summary>
/// W-TinyLFU (Einziger, Friedman and Manes, "TinyLFU: A Highly Efficient Cache Admission Policy", ACM ToS 2017), weighted by bytes: new entries pass a small window in
/// the order of their last use; what leaves it comes into the main part only if it is asked for more often than what would have to go for it. The main part has what
/// was asked for again protected from what was not.
/// </summary>
internal sealed class WTinyLfuPolicy(long budgetBytes) : IEvictionPolicy
{
    private const byte Window = 1;
    private const byte Probation = 2;
    private const byte Protected = 3;

    private readonly EntryQueue _window = new(Window);
    private readonly EntryQueue _probation = new(Probation);
    private readonly EntryQueue _protected = new(Protected);
    private readonly FrequencySketch _sketch = new();
    private readonly long _windowBytes = budgetBytes / 100;
    private readonly long _mainBytes = budgetBytes - (budgetBytes / 100);

    public int Count => _window.Count + _probation.Count + _protected.Count;

    public void Add(CacheEntry entry)
    {
        _window.Enqueue(entry);
        _sketch.EnsureEntries(Count);
        _sketch.Count(entry.Hash, 1);
        while (_window.Bytes > _windowBytes && _window.Oldest is { } oldest && _probation.Bytes + _protected.Bytes + oldest.Bytes <= _mainBytes)
        {
            _window.Remove(oldest);
            _probation.Enqueue(oldest);
        }
    }

    public void OnHit(CacheEntry entry)
    {
        _sketch.Count(entry.Hash, 1);
        EntryQueue from = QueueOf(entry)!;
        from.Remove(entry);
        (ReferenceEquals(from, _window) ? _window : _protected).Enqueue(entry);
        while (_protected.Bytes > _mainBytes * 8 / 10 && _protected.Dequeue() is { } demoted)
        {
            _probation.Enqueue(demoted);
        }
    }

    public void Remove(CacheEntry entry) => QueueOf(entry)?.Remove(entry);

    public void Resize(CacheEntry entry, int bytes) => QueueOf(entry)?.Resize(entry, bytes);

    public CacheEntry? Evict()
    {
        // Room is made before the new entry comes into the window, which it then overfills: who would have to leave it is asked now.
        if (_window.Bytes >= _windowBytes * 9 / 10 && _window.Dequeue() is { } candidate)
        {
            if ((_probation.Oldest ?? _protected.Oldest) is not { } victim || _sketch.Estimate(candidate.Hash) <= _sketch.Estimate(victim.Hash))
            {
                return candidate;
            }

            QueueOf(victim)!.Remove(victim);
            _probation.Enqueue(candidate);
            return victim;
        }

        return _probation.Dequeue() ?? _protected.Dequeue() ?? _window.Dequeue();
    }

    private EntryQueue? QueueOf(CacheEntry entry) => entry.Queue switch
    {
        Window => _window,
        Probation => _probation,
        Protected => _protected,
        _ => null,
    };
}
