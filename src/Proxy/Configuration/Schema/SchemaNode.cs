namespace S3Proxy.Configuration.Schema;

/// <summary>The table of keys as a tree, to be walked beside the file. Immutable after it is built.</summary>
internal sealed class SchemaNode
{
    private const string AnyName = "*";
    private const string Item = "[]";

    private readonly Dictionary<string, SchemaNode> _children = new(StringComparer.Ordinal);

    private SchemaNode(ConfigurationKey key) => Key = key;

    /// <summary>The whole configuration.</summary>
    public static SchemaNode Root { get; } = Build(ConfigurationKeys.All);

    /// <summary>The row of the table.</summary>
    public ConfigurationKey Key { get; }

    /// <summary>Names of the keys below; for a mapping only.</summary>
    public IReadOnlyCollection<string> ChildNames => _children.Keys;

    /// <summary>The keys below with their names; for a mapping only.</summary>
    public IReadOnlyDictionary<string, SchemaNode> NamedChildren => _children;

    /// <summary>What a key of this mapping is; null when there is no such key.</summary>
    public SchemaNode? Child(string name) =>
        Key.Kind == ValueKind.NamedMapping ? _children[AnyName] : Key.Kind == ValueKind.Mapping ? _children.GetValueOrDefault(name) : null;

    /// <summary>What the items of this list are.</summary>
    public SchemaNode ItemNode => _children[Item];

    private static SchemaNode Build(IEnumerable<ConfigurationKey> keys)
    {
        SchemaNode root = new(new ConfigurationKey("", ValueKind.Mapping, null, "The configuration."));
        foreach (ConfigurationKey key in keys)
        {
            string[] names = key.Pattern.Replace(Item, "." + Item, StringComparison.Ordinal).Split('.');
            SchemaNode parent = root;
            foreach (string name in names.AsSpan(0, names.Length - 1))
            {
                parent = parent._children[name];
            }

            parent._children.Add(names[^1], new SchemaNode(key));
        }

        return root;
    }
}
