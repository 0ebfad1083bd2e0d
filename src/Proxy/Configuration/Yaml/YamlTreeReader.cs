using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace S3Proxy.Configuration.Yaml;

/// <summary>
/// Reads one YAML document into a tree that keeps places. Works on the parser's events and not on YamlDotNet's own tree, because that one recurses as
/// deep as the file says and stops at the first duplicate key. Anchors, aliases and tags are refused, so that a small file stays a small tree.
/// </summary>
internal sealed class YamlTreeReader
{
    /// <summary>Deepest nesting read; the deepest key of the configuration stands at 6.</summary>
    internal const int MaxDepth = 16;

    private readonly IParser _events;
    private readonly List<ConfigurationError> _errors;

    private YamlTreeReader(IParser events, List<ConfigurationError> errors)
    {
        _events = events;
        _errors = errors;
    }

    /// <summary>Reads <paramref name="yaml"/>; null, with an error added, when it is not one YAML document. Never throws.</summary>
    public static YamlNode? TryRead(string yaml, List<ConfigurationError> errors)
    {
        using StringReader text = new(yaml);
        try
        {
            return new YamlTreeReader(new Parser(text), errors).ReadDocument();
        }
        catch (YamlRefusalException refusal)
        {
            errors.Add(refusal.Place.Error("", refusal.Message));
        }
        catch (YamlException invalid)
        {
            // The library's messages name constructs of YAML and never quote the text, which may be a secret.
            errors.Add(Place.Of(invalid.Start).Error("", $"not valid YAML: {invalid.Message}"));
        }
#pragma warning disable CA1031 // The scanner has been seen to let other exceptions out on hostile input; none of them may end the process.
        catch (Exception)
#pragma warning restore CA1031
        {
            errors.Add(Place.Start.Error("", "not valid YAML"));
        }

        return null;
    }

    private YamlNode? ReadDocument()
    {
        _events.Consume<StreamStart>();
        if (_events.Accept<StreamEnd>(out _))
        {
            throw new YamlRefusalException(Place.Start, "the file is empty; docs/configuration.md shows what it must hold");
        }

        _events.Consume<DocumentStart>();
        YamlNode root = ReadNode("", depth: 0);
        _events.Consume<DocumentEnd>();
        if (!_events.Accept<StreamEnd>(out _))
        {
            throw new YamlRefusalException(Place.Of(_events.Current!.Start), "the file holds more than one document; remove the line '---' and what follows");
        }

        return root;
    }

    private YamlNode ReadNode(string path, int depth)
    {
        if (_events.Accept<AnchorAlias>(out _) || (_events.Accept<NodeEvent>(out NodeEvent? node) && (!node.Anchor.IsEmpty || !node.Tag.IsEmpty)))
        {
            throw new YamlRefusalException(
                Place.Of(_events.Current!.Start),
                "anchors (&), aliases (*) and tags (!) are not supported; quote a text that begins with one of these characters");
        }

        if (depth > MaxDepth)
        {
            throw new YamlRefusalException(Place.Of(_events.Current!.Start), $"nested deeper than {MaxDepth} levels");
        }

        if (_events.TryConsume<Scalar>(out Scalar? scalar))
        {
            return new YamlText(Place.Of(scalar.Start), scalar.Value, isQuoted: scalar.Style != ScalarStyle.Plain);
        }

        return _events.Accept<SequenceStart>(out _) ? ReadList(path, depth) : ReadMapping(path, depth);
    }

    private YamlList ReadList(string path, int depth)
    {
        YamlList list = new(Place.Of(_events.Consume<SequenceStart>().Start));
        while (!_events.TryConsume<SequenceEnd>(out _))
        {
            list.Items.Add(ReadNode($"{path}[{list.Items.Count}]", depth + 1));
        }

        return list;
    }

    private YamlMapping ReadMapping(string path, int depth)
    {
        YamlMapping mapping = new(Place.Of(_events.Consume<MappingStart>().Start));
        while (!_events.TryConsume<MappingEnd>(out _))
        {
            YamlNode key = ReadNode(path, depth + 1);
            if (key is not YamlText { IsNull: false } name)
            {
                throw new YamlRefusalException(key.Place, "a key must be a text");
            }

            string childPath = KeyPaths.Child(path, name.Value);
            YamlEntry entry = new(name.Value, name.Place, ReadNode(childPath, depth + 1));
            if (mapping.Find(entry.Key) is { } first)
            {
                _errors.Add(name.Place.Error(path, $"the key{KeyPaths.Quote(name.Value)} is given twice, first in line {first.KeyPlace.Line}; remove one"));
                continue;
            }

            mapping.Set(entry);
        }

        return mapping;
    }
}
