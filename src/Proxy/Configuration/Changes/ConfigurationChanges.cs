using S3Proxy.Configuration.Reading;
using S3Proxy.Configuration.Schema;
using S3Proxy.Configuration.Yaml;

namespace S3Proxy.Configuration.Changes;

/// <summary>
/// Compares two configurations key by key. A key that is absent counts as its default, and values are compared by what they mean: <c>1MiB</c> is <c>1024KiB</c>.
/// </summary>
internal sealed class ConfigurationChanges
{
    /// <summary>What tells the items of a list apart, where they have it.</summary>
    private const string ItemName = "accessKeyId";

    private readonly List<ConfigurationChange> _changes = [];

    private ConfigurationChanges()
    {
    }

    /// <summary>What is different in <paramref name="newer"/>, in the order of the table. Both were read without errors.</summary>
    public static IReadOnlyList<ConfigurationChange> Between(ConfigurationSource older, ConfigurationSource newer)
    {
        ConfigurationChanges comparison = new();
        comparison.CompareMappings(SchemaNode.Root, "", Place.Start, older.Root, newer.Root);
        comparison.CompareFiles(older.Files, newer.Files);
        return comparison._changes;
    }

    private void Compare(SchemaNode schema, string path, Place around, YamlNode? older, YamlNode? newer)
    {
        Place place = newer?.Place ?? around;
        switch (schema.Key.Kind)
        {
            case ValueKind.Mapping when schema.Key.NeedsRestart && (older is null) != (newer is null):
                Add(schema, path, place, older, newer);
                break;
            case ValueKind.Mapping or ValueKind.NamedMapping:
                CompareMappings(schema, path, place, older as YamlMapping, newer as YamlMapping);
                break;
            case ValueKind.List:
                CompareLists(schema, path, place, older as YamlList, newer as YamlList);
                break;
            case ValueKind kind when !AreSame(kind, TextOf(older) ?? schema.Key.Default, TextOf(newer) ?? schema.Key.Default):
                Add(schema, path, place, older, newer);
                break;
        }
    }

    private void CompareMappings(SchemaNode schema, string path, Place around, YamlMapping? older, YamlMapping? newer)
    {
        bool areNamed = schema.Key.Kind == ValueKind.NamedMapping;
        IEnumerable<string> names = areNamed
            ? (newer?.Entries ?? []).Concat(older?.Entries ?? []).Select(entry => entry.Key).Distinct(StringComparer.Ordinal)
            : schema.ChildNames;
        foreach (string name in names)
        {
            YamlNode? before = older?.Find(name)?.Value;
            YamlEntry? after = newer?.Find(name);
            string child = KeyPaths.Child(path, name);
            if (areNamed && (before is null || after is null))
            {
                Add(schema.Child(name)!, child, after?.KeyPlace ?? around, before, after?.Value);
            }
            else
            {
                Compare(schema.Child(name)!, child, around, before, after?.Value);
            }
        }
    }

    private void CompareLists(SchemaNode schema, string path, Place around, YamlList? older, YamlList? newer)
    {
        Dictionary<string, YamlNode> before = Items(path, older);
        Dictionary<string, YamlNode> after = Items(path, newer);
        foreach (string item in after.Keys.Union(before.Keys))
        {
            YamlNode? was = before.GetValueOrDefault(item);
            YamlNode? becomes = after.GetValueOrDefault(item);
            if (was is null || becomes is null)
            {
                Add(schema.ItemNode, item, becomes?.Place ?? around, was, becomes);
            }
            else
            {
                Compare(schema.ItemNode, item, around, was, becomes);
            }
        }
    }

    /// <summary>The keys whose value, a path, is the same while what the file holds is not.</summary>
    private void CompareFiles(ConfigurationFiles older, ConfigurationFiles newer)
    {
        HashSet<string> told = [.. _changes.Select(change => change.Path)];
        foreach (string file in newer.Differing(older))
        {
            foreach (Setting setting in newer.All[file].Keys.Where(setting => told.Add(setting.Path)))
            {
                _changes.Add(new ConfigurationChange(setting.Path, ChangeKind.Changed, setting.Place, setting.Key));
            }
        }
    }

    private static Dictionary<string, YamlNode> Items(string path, YamlList? list)
    {
        Dictionary<string, YamlNode> items = new(StringComparer.Ordinal);
        foreach ((int index, YamlNode item) in (list?.Items ?? []).Index())
        {
            string name = (item as YamlMapping)?.Find(ItemName)?.Value is YamlText id ? id.Value : $"{index}";
            items[$"{path}[{name}]"] = item;
        }

        return items;
    }

    private void Add(SchemaNode schema, string path, Place place, YamlNode? older, YamlNode? newer) =>
        _changes.Add(new ConfigurationChange(path, older is null ? ChangeKind.Added : newer is null ? ChangeKind.Removed : ChangeKind.Changed, place, schema.Key));

    private static string? TextOf(YamlNode? node) => (node as YamlText)?.Value;

    private static bool AreSame(ValueKind kind, string? one, string? other)
    {
        if (one is null || other is null)
        {
            return one is null && other is null;
        }

        return kind switch
        {
            ValueKind.Size => ByteSize.TryParse(one, out long first) && ByteSize.TryParse(other, out long second) && first == second,
            ValueKind.Duration => DurationText.TryParse(one, out TimeSpan first) && DurationText.TryParse(other, out TimeSpan second) && first == second,
            ValueKind.Share => ShareText.TryParse(one, out long first) && ShareText.TryParse(other, out long second) && first == second,
            ValueKind.Integer => ScalarCheck.TryParseInteger(one, out long first) && ScalarCheck.TryParseInteger(other, out long second) && first == second,
            ValueKind.Decimal => DecimalText.TryParse(one, out long first) && DecimalText.TryParse(other, out long second) && first == second,
            ValueKind.Secret => string.Equals(one.Trim(), other.Trim(), StringComparison.Ordinal),
            _ => string.Equals(one, other, StringComparison.Ordinal),
        };
    }
}
