using S3Proxy.Configuration.Schema;
using S3Proxy.Configuration.Yaml;

namespace S3Proxy.Configuration.Reading;

/// <summary>
/// Puts values of environment variables over those of the file: <c>S3PROXY__cache__memory__size=1GiB</c>, or in capitals. A number stands for the item of a
/// list; one past the end adds an item.
/// </summary>
internal sealed class EnvironmentOverrides
{
    /// <summary>What the name of every override begins with.</summary>
    internal const string Prefix = "S3PROXY__";

    private readonly List<ConfigurationError> _errors;
    private readonly Dictionary<string, string> _given;
    private readonly string _variable;
    private readonly Place _place;
    private readonly string _value;

    private EnvironmentOverrides(List<ConfigurationError> errors, Dictionary<string, string> given, string variable, string value)
    {
        _errors = errors;
        _given = given;
        _variable = variable;
        _place = Place.Of(variable);
        _value = value;
    }

    /// <summary>Applies every override to the tree, or adds an error that names its variable.</summary>
    public static void Apply(YamlMapping root, IReadOnlyDictionary<string, string> environment, List<ConfigurationError> errors)
    {
        // Short names first, so that list item 2 comes before item 10.
        IEnumerable<KeyValuePair<string, string>> overrides = environment
            .Where(variable => variable.Key.StartsWith(Prefix, StringComparison.Ordinal))
            .OrderBy(variable => variable.Key.Length).ThenBy(variable => variable.Key, StringComparer.Ordinal);
        Dictionary<string, string> given = new(StringComparer.Ordinal);
        foreach ((string name, string value) in overrides)
        {
            new EnvironmentOverrides(errors, given, name, value).Descend(root, SchemaNode.Root, "", name[Prefix.Length..].Split("__"));
        }
    }

    private void Descend(YamlNode node, SchemaNode schema, string path, ReadOnlySpan<string> names)
    {
        if (node is YamlList list)
        {
            DescendInto(list, schema, path, names);
        }
        else if (node is YamlMapping mapping && NameOf(mapping, schema, names[0]) is { } name)
        {
            string childPath = KeyPaths.Child(path, name);
            YamlEntry? entry = mapping.Find(name);
            if (Next(entry?.Value, schema.Child(name)!, childPath, names) is { } next)
            {
                mapping.Set(new YamlEntry(name, entry?.KeyPlace ?? _place, next));
            }
        }
        else
        {
            Refuse(path, $"has no key{KeyPaths.Quote(names[0])}{Spelling.Hint(names[0], schema.ChildNames)}");
        }
    }

    // As it is written, or else in other letters: of what the file holds where users choose the names, of the table elsewhere.
    private static string? NameOf(YamlMapping mapping, SchemaNode schema, string name)
    {
        if (schema.Key.Kind == ValueKind.NamedMapping)
        {
            return mapping.Find(name) is not null ? name
                : mapping.Entries.FirstOrDefault(entry => string.Equals(entry.Key, name, StringComparison.OrdinalIgnoreCase))?.Key ?? name;
        }

        return schema.ChildNames.FirstOrDefault(child => string.Equals(child, name, StringComparison.OrdinalIgnoreCase));
    }

    private void DescendInto(YamlList list, SchemaNode schema, string path, ReadOnlySpan<string> names)
    {
        if (!ScalarCheck.TryParseInteger(names[0], out long index) || index > list.Items.Count)
        {
            Refuse(path, $"is a list; write the number of an item, 0 to {list.Items.Count}");
            return;
        }

        YamlNode? item = index < list.Items.Count ? list.Items[(int)index] : null;
        if (Next(item, schema.ItemNode, $"{path}[{index}]", names) is not { } next)
        {
            return;
        }

        if (item is null)
        {
            list.Items.Add(next);
        }
        else
        {
            list.Items[(int)index] = next;
        }
    }

    // The node that belongs at this name: the new value at the end of the way, before it the node that is there or a fresh one.
    private YamlNode? Next(YamlNode? current, SchemaNode schema, string path, ReadOnlySpan<string> names)
    {
        if (schema.Key is { Kind: ValueKind.Mapping, IsNotAvailable: true })
        {
            return Refuse(path, "is not available yet; remove the variable");
        }

        bool isContainer = schema.Key.Kind is ValueKind.Mapping or ValueKind.NamedMapping or ValueKind.List;
        if (names.Length == 1)
        {
            return isContainer ? Refuse(path, "cannot be set as a whole; set its parts, each with a variable of its own")
                : !_given.TryAdd(path, _variable) ? Refuse(path, $"is set by {_given[path]} too; remove one of the two")
                : new YamlText(_place, _value, isQuoted: true);
        }

        if (!isContainer)
        {
            return Refuse(path, "is a single value and has nothing below it");
        }

        YamlNode container = current is YamlMapping or YamlList ? current
            : schema.Key.Kind == ValueKind.List ? new YamlList(_place)
            : new YamlMapping(_place);
        Descend(container, schema, path, names[1..]);
        return container;
    }

    private YamlText? Refuse(string path, string message)
    {
        _errors.Add(_place.Error(path, message));
        return null;
    }
}
