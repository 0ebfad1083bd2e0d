namespace S3Proxy.Testing.Origin.Storage;

/// <summary>A bucket's objects in key order. Not thread-safe: the store's lock protects it.</summary>
internal sealed class StoredBucket(string name, DateTimeOffset created, int maxVersions)
{
    /// <summary>How the version of an object from unversioned days is named (S3 User Guide, "Working with objects in a versioning-enabled bucket").</summary>
    public const string NullVersionId = "null";

    private readonly Dictionary<string, List<StoredObject>> _versions = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _currentKeys = new(KeyOrder.Instance);

    public string Name { get; } = name;

    public DateTimeOffset Created { get; } = created;

    /// <summary>Null until versioning was first configured.</summary>
    public VersioningState? Versioning { get; set; }

    public Dictionary<string, MultipartUpload> Uploads { get; } = new(StringComparer.Ordinal);

    public bool IsEmpty => _versions.Count == 0;

    /// <summary>The newest version, a delete marker too; null when there is none.</summary>
    public StoredObject? Newest(string key) => _versions.TryGetValue(key, out List<StoredObject>? all) ? all[^1] : null;

    public StoredObject? Version(string key, string versionId) =>
        _versions.TryGetValue(key, out List<StoredObject>? all) ? all.Find(version => IdOf(version) == versionId) : null;

    /// <summary>Makes <paramref name="version"/> the newest; one with the same id goes.</summary>
    public void Add(StoredObject version)
    {
        if (!_versions.TryGetValue(version.Key, out List<StoredObject>? all))
        {
            _versions[version.Key] = all = [];
        }

        all.RemoveAll(old => IdOf(old) == IdOf(version));
        all.Add(version);
        if (all.Count > maxVersions)
        {
            // As a lifecycle rule for noncurrent versions would.
            all.RemoveAt(0);
        }

        RefreshKey(version.Key);
    }

    /// <summary>Removes one version for good; null when there is no such version.</summary>
    public StoredObject? Remove(string key, string versionId)
    {
        if (Version(key, versionId) is not { } version)
        {
            return null;
        }

        List<StoredObject> all = _versions[key];
        all.Remove(version);
        if (all.Count == 0)
        {
            _versions.Remove(key);
        }

        RefreshKey(key);
        return version;
    }

    /// <summary>Current objects, in order, whose key comes after <paramref name="marker"/> and begins with <paramref name="prefix"/>.</summary>
    public IEnumerable<StoredObject> After(string marker, string prefix)
    {
        string from = KeyOrder.Instance.Compare(marker, prefix) > 0 ? marker : prefix;
        if (_currentKeys.Max is not { } last || KeyOrder.Instance.Compare(from, last) > 0)
        {
            yield break;
        }

        foreach (string key in _currentKeys.GetViewBetween(from, last))
        {
            if (!key.StartsWith(prefix, StringComparison.Ordinal))
            {
                yield break;
            }

            if (KeyOrder.Instance.Compare(key, marker) > 0)
            {
                yield return _versions[key][^1];
            }
        }
    }

    private static string IdOf(StoredObject version) => version.VersionId ?? NullVersionId;

    private void RefreshKey(string key)
    {
        if (Newest(key) is { IsDeleteMarker: false })
        {
            _currentKeys.Add(key);
        }
        else
        {
            _currentKeys.Remove(key);
        }
    }
}
