using S3Proxy.Caching;

namespace S3Proxy.ModelTests.Origin;

/// <summary>One key at the origin with its whole history. Thread-safe: the history only grows.</summary>
internal sealed class OriginObject
{
    private OriginVersion[] _history;

    public OriginObject(ObjectId id, uint contentSeed, int sizeBytes)
    {
        Id = id;
        _history = [new OriginVersion(1, contentSeed, sizeBytes)];
    }

    public ObjectId Id { get; }

    public OriginVersion Current => Volatile.Read(ref _history)[^1];

    /// <summary>The version of a number, or null when there was none.</summary>
    public OriginVersion? Find(int index)
    {
        OriginVersion[] history = Volatile.Read(ref _history);
        return index >= 1 && index <= history.Length ? history[index - 1] : null;
    }

    /// <summary>The version a version id names, or null.</summary>
    public OriginVersion? FindById(string versionId) => Array.Find(Volatile.Read(ref _history), version => version.VersionId == versionId);

    /// <summary>Puts a new version in the place of the current one.</summary>
    public void Overwrite(uint contentSeed, int sizeBytes)
    {
        OriginVersion[] seen;
        do
        {
            seen = Volatile.Read(ref _history);
        }
        while (Interlocked.CompareExchange(ref _history, [.. seen, new OriginVersion(seen.Length + 1, contentSeed, sizeBytes)], seen) != seen);
    }
}
