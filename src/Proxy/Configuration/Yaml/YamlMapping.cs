namespace S3Proxy.Configuration.Yaml;

/// <summary>A mapping with text keys, each there once, in the order of the file.</summary>
internal sealed class YamlMapping(Place place) : YamlNode(place)
{
    private readonly Dictionary<string, int> _indexes = new(StringComparer.Ordinal);
    private readonly List<YamlEntry> _entries = [];

    public IReadOnlyList<YamlEntry> Entries => _entries;

    public override string KindName => "a mapping";

    public YamlEntry? Find(string key) => _indexes.TryGetValue(key, out int index) ? _entries[index] : null;

    /// <summary>Adds an entry or replaces the one with its key.</summary>
    public void Set(YamlEntry entry)
    {
        if (_indexes.TryAdd(entry.Key, _entries.Count))
        {
            _entries.Add(entry);
        }
        else
        {
            _entries[_indexes[entry.Key]] = entry;
        }
    }
}
