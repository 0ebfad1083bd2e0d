using S3Proxy.Configuration.Yaml;

namespace S3Proxy.Configuration.Schema;

/// <summary>Compares the tree of a file with the table of keys: unknown and missing keys, kinds, and each value by itself.</summary>
internal sealed class SchemaCheck(List<ConfigurationError> errors)
{
    /// <summary>Adds what is wrong with the whole tree.</summary>
    public void Check(YamlMapping root) => CheckMapping(SchemaNode.Root, "", Place.Start, root);

    private void CheckNode(SchemaNode schema, string path, Place keyPlace, YamlNode node)
    {
        ConfigurationKey key = schema.Key;
        if (key is { Kind: ValueKind.Mapping, IsNotAvailable: true })
        {
            errors.Add(keyPlace.Error(path, "is not available yet; remove the key"));
        }
        else if (node is YamlText { IsNull: true })
        {
            errors.Add(node.Place.Error(path, "has no value; write one or remove the key"));
        }
        else if (KindMismatch(key.Kind, node) is { } wanted)
        {
            errors.Add(node.Place.Error(path, $"must be {wanted}, not {node.KindName}"));
        }
        else
        {
            CheckValue(schema, path, keyPlace, node);
        }
    }

    private void CheckValue(SchemaNode schema, string path, Place keyPlace, YamlNode node)
    {
        switch (node)
        {
            case YamlMapping mapping:
                CheckMapping(schema, path, keyPlace, mapping);
                break;
            case YamlList list:
                for (int i = 0; i < list.Items.Count; i++)
                {
                    CheckNode(schema.ItemNode, $"{path}[{i}]", list.Items[i].Place, list.Items[i]);
                }

                break;
            case YamlText text when ScalarCheck.Problem(schema.Key, text.Value) is { } problem:
                errors.Add(text.Place.Error(path, problem));
                break;
        }
    }

    private void CheckMapping(SchemaNode schema, string path, Place keyPlace, YamlMapping mapping)
    {
        foreach (YamlEntry entry in mapping.Entries)
        {
            if (schema.Child(entry.Key) is { } child)
            {
                CheckNode(child, KeyPaths.Child(path, entry.Key), entry.KeyPlace, entry.Value);
            }
            else
            {
                errors.Add(UnknownKey(schema, path, entry));
            }
        }

        if (schema.Key.Kind == ValueKind.Mapping)
        {
            CheckMissing(schema, path, keyPlace, mapping);
        }
    }

    // Where secrets stand, only a key that resembles a known one is repeated: { secretAccessKey s3cr3t } is a key to YAML.
    private static ConfigurationError UnknownKey(SchemaNode schema, string path, YamlEntry entry)
    {
        bool mayBeSecret = schema.NamedChildren.Values.Any(child => child.Key.Kind == ValueKind.Secret);
        string hint = Spelling.Hint(entry.Key, schema.ChildNames);
        return mayBeSecret && hint.Length == 0
            ? entry.KeyPlace.Error(path, $"unknown key (not repeated here, it might be a secret); known are {string.Join(", ", schema.ChildNames)}")
            : entry.KeyPlace.Error(
                KeyPaths.Child(path, entry.Key),
                $"unknown key{(hint.Length > 0 ? hint : $"; known are {string.Join(", ", schema.ChildNames)}")}");
    }

    private void CheckMissing(SchemaNode schema, string path, Place keyPlace, YamlMapping mapping)
    {
        foreach ((string name, SchemaNode child) in schema.NamedChildren)
        {
            if (child.Key.MissingMessage is { } message && mapping.Find(name) is null)
            {
                errors.Add(keyPlace.Error(KeyPaths.Child(path, name), message));
            }
        }
    }

    private static string? KindMismatch(ValueKind kind, YamlNode node) => kind switch
    {
        ValueKind.Mapping or ValueKind.NamedMapping => node is YamlMapping ? null : "a mapping",
        ValueKind.List => node is YamlList ? null : "a list",
        _ => node is YamlText ? null : "a single value",
    };
}
