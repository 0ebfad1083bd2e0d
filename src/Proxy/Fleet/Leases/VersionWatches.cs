using S3Proxy.Caching;

namespace S3Proxy.Fleet.Leases;

/// <summary>Who wants to hear when a version's bytes in Redis turn out to be wrong. Thread-safe; one lock, held briefly, and nobody is told inside it.</summary>
internal sealed class VersionWatches
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ObjectVersion, HashSet<Watch>> _watches = [];

    /// <summary>Has <paramref name="onCorrupt"/> called, each time, until what is given back is disposed of. It must not block.</summary>
    public IDisposable Add(ObjectVersion version, Action onCorrupt)
    {
        Watch watch = new(this, version, onCorrupt);
        lock (_lock)
        {
            if (!_watches.TryGetValue(version, out HashSet<Watch>? known))
            {
                _watches[version] = known = [];
            }

            known.Add(watch);
        }

        return watch;
    }

    /// <summary>Tells all who watch a version.</summary>
    public void Tell(ObjectVersion version)
    {
        Watch[] watches;
        lock (_lock)
        {
            watches = _watches.TryGetValue(version, out HashSet<Watch>? known) ? [.. known] : [];
        }

        foreach (Watch watch in watches)
        {
            watch.OnCorrupt();
        }
    }

    private void Remove(Watch watch)
    {
        lock (_lock)
        {
            if (_watches.TryGetValue(watch.Version, out HashSet<Watch>? known) && known.Remove(watch) && known.Count == 0)
            {
                _watches.Remove(watch.Version);
            }
        }
    }

    private sealed class Watch(VersionWatches watches, ObjectVersion version, Action onCorrupt) : IDisposable
    {
        public ObjectVersion Version { get; } = version;

        public Action OnCorrupt { get; } = onCorrupt;

        public void Dispose() => watches.Remove(this);
    }
}
