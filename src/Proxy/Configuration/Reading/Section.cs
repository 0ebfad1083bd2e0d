using System.Globalization;
using S3Proxy.Configuration.Schema;
using S3Proxy.Configuration.Yaml;

namespace S3Proxy.Configuration.Reading;

/// <summary>
/// A mapping of the file, or its absence, read with the kinds and defaults of the table. What <see cref="SchemaCheck"/> has refused reads as absent, so
/// that nothing is reported twice.
/// </summary>
internal sealed class Section
{
    private readonly SchemaNode _schema;
    private readonly YamlMapping? _mapping;

    private Section(ReadingContext context, SchemaNode schema, string path, Place place, YamlNode? node)
    {
        Context = context;
        Path = path;
        Place = place;
        _schema = schema;
        _mapping = node as YamlMapping;
    }

    public ReadingContext Context { get; }

    public string Path { get; }

    /// <summary>The key of the mapping; for an absent one that of the nearest mapping around it.</summary>
    public Place Place { get; }

    public bool IsPresent => _mapping is not null;

    public static Section Root(ReadingContext context, YamlMapping root) => new(context, SchemaNode.Root, "", Place.Start, root);

    /// <summary>True when the key is written, whatever its value.</summary>
    public bool Has(string name) => _mapping?.Find(name) is not null;

    /// <summary>True for a list that is written and has no items.</summary>
    public bool IsEmptyList(string name) => _mapping?.Find(name)?.Value is YamlList { Items.Count: 0 };

    public Section Child(string name)
    {
        YamlEntry? entry = _mapping?.Find(name);
        return new Section(Context, _schema.Child(name)!, KeyPaths.Child(Path, name), entry?.KeyPlace ?? Place, entry?.Value);
    }

    /// <summary>The entries of a mapping whose keys are names, in the order of the file.</summary>
    public IEnumerable<(string Name, Section Section)> Named() =>
        (_mapping?.Entries ?? []).Select(entry => (entry.Key, Child(entry.Key)));

    /// <summary>The items of a list of mappings.</summary>
    public IEnumerable<Section> Items(string name) =>
        ItemsOf(name).Select(item => new Section(Context, _schema.Child(name)!.ItemNode, item.Path, item.Node.Place, item.Node));

    /// <summary>The values of a list of single values; refused ones are left out.</summary>
    public IEnumerable<Setting> Values(string name) =>
        ItemsOf(name)
            .Select(item => new Setting(item.Path, item.Node.Place, Accepted(_schema.Child(name)!.ItemNode, item.Node), _schema.Child(name)!.ItemNode.Key))
            .Where(setting => setting.Text is not null);

    public Setting Setting(string name)
    {
        YamlEntry? entry = _mapping?.Find(name);
        return new Setting(KeyPaths.Child(Path, name), entry?.Value.Place ?? Place, entry is null ? null : Accepted(_schema.Child(name)!, entry.Value), _schema.Child(name)!.Key);
    }

    /// <summary>The value written or the table's default; null when there is neither.</summary>
    public string? Text(string name) => Setting(name).Text ?? _schema.Child(name)!.Key.Default;

    /// <summary>The flag written, the table's default, or <paramref name="otherwise"/> for a key that inherits.</summary>
    public bool Flag(string name, bool otherwise = false) => Text(name) is { } text ? text == "true" : otherwise;

    public long Size(string name) => ByteSize.TryParse(Text(name)!, out long bytes) ? bytes : 0;

    public int Integer(string name) => ScalarCheck.TryParseInteger(Text(name)!, out long value) ? (int)value : 0;

    /// <summary>The duration written, the table's default, or <paramref name="otherwise"/> for a key that inherits.</summary>
    public TimeSpan Duration(string name, TimeSpan otherwise = default) =>
        Text(name) is { } text && DurationText.TryParse(text, out TimeSpan duration) ? duration : otherwise;

    /// <summary>The share written, as a number from 0 to 1, the table's default, or <paramref name="otherwise"/> for a key that inherits.</summary>
    public double Share(string name, double otherwise = 0) =>
        Text(name) is { } text && ShareText.TryParse(text, out long percent) ? percent / 100.0 : otherwise;

    /// <summary>The choice written, the table's default, or <paramref name="otherwise"/> for a key that inherits.</summary>
    public T Choice<T>(string name, T otherwise = default)
        where T : struct, Enum =>
        Text(name) is { } text && Enum.TryParse(text, ignoreCase: true, out T choice) ? choice : otherwise;

    /// <summary>All the choices of a list together, none for a list that is absent or empty. Each that is given twice is an error.</summary>
    /// <typeparam name="T">An enumeration of single bits.</typeparam>
    public T Choices<T>(string name)
        where T : struct, Enum
    {
        int chosen = 0;
        foreach (Setting setting in Values(name))
        {
            int choice = Convert.ToInt32(Enum.Parse<T>(setting.Text!, ignoreCase: true), CultureInfo.InvariantCulture);
            if ((chosen & choice) != 0)
            {
                Context.Errors.Add(setting.Error("is given twice"));
            }

            chosen |= choice;
        }

        return (T)Enum.ToObject(typeof(T), chosen);
    }

    /// <summary>Adds an error about a key of this section, at its value or, when it is absent, at the section.</summary>
    public void Refuse(string name, string message) => Context.Errors.Add(Setting(name).Error(message));

    /// <summary>Adds an error about this section.</summary>
    public void Refuse(string message) => Context.Errors.Add(Place.Error(Path, message));

    private static string? Accepted(SchemaNode schema, YamlNode node) =>
        node is YamlText { IsNull: false } text && ScalarCheck.Problem(schema.Key, text.Value) is null ? text.Value : null;

    private IEnumerable<(string Path, YamlNode Node)> ItemsOf(string name) =>
        _mapping?.Find(name)?.Value is YamlList list
            ? list.Items.Select((node, index) => ($"{KeyPaths.Child(Path, name)}[{index}]", node))
            : [];
}
