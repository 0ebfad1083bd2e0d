using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using S3Proxy.Configuration.Yaml;

namespace S3Proxy.Tests.Configuration.Schema;

/// <summary>Holds a file to a JSON Schema, as far as ours goes: types, properties, items, choices, patterns, bounds. Throws for a word it does not know, so that none is passed over.</summary>
internal static class SchemaValidation
{
    /// <summary>What is wrong with the file; empty when nothing is.</summary>
    public static IReadOnlyList<string> Errors(JsonElement schema, YamlNode file)
    {
        List<string> errors = [];
        Check(schema, file, "", errors);
        return errors;
    }

    private static void Check(JsonElement schema, YamlNode node, string path, List<string> errors)
    {
        foreach (JsonProperty rule in schema.EnumerateObject())
        {
            bool holds = rule.Name switch
            {
                "$schema" or "title" or "description" or "default" => true,
                "type" => TypesOf(rule.Value).Any(type => IsOf(type, node)),
                "enum" => rule.Value.EnumerateArray().Any(choice => ((YamlText)node).Value == (choice.ValueKind == JsonValueKind.False ? "false" : choice.ToString())),
                "pattern" => node is not YamlText text || IsOf("integer", node) || Regex.IsMatch(text.Value, rule.Value.GetString()!),
                "minimum" => Number(node) >= rule.Value.GetDecimal(),
                "maximum" => Number(node) <= rule.Value.GetDecimal(),
                "required" => rule.Value.EnumerateArray().All(name => ((YamlMapping)node).Find(name.GetString()!) is not null),
                "items" => CheckAll(((YamlList)node).Items.Index().Select(item => ($"{path}[{item.Index}]", rule.Value, item.Item)), errors),
                "properties" => CheckAll(
                    ((YamlMapping)node).Entries.Where(entry => rule.Value.TryGetProperty(entry.Key, out _)).Select(entry => ($"{path}.{entry.Key}", rule.Value.GetProperty(entry.Key), entry.Value)), errors),
                "additionalProperties" when rule.Value.ValueKind == JsonValueKind.False =>
                    ((YamlMapping)node).Entries.All(entry => schema.GetProperty("properties").TryGetProperty(entry.Key, out _)),
                "additionalProperties" => CheckAll(((YamlMapping)node).Entries.Select(entry => ($"{path}.{entry.Key}", rule.Value, entry.Value)), errors),
                _ => throw new NotSupportedException(rule.Name),
            };
            if (!holds)
            {
                errors.Add($"{path}: {rule.Name}");
                return;
            }
        }
    }

    private static bool CheckAll(IEnumerable<(string Path, JsonElement Schema, YamlNode Node)> children, List<string> errors)
    {
        foreach ((string path, JsonElement schema, YamlNode node) in children)
        {
            Check(schema, node, path, errors);
        }

        return true;
    }

    private static IEnumerable<string> TypesOf(JsonElement type) => type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(one => one.GetString()!) : [type.GetString()!];

    private static bool IsOf(string type, YamlNode node) => type switch
    {
        "object" => node is YamlMapping,
        "array" => node is YamlList,
        "string" => node is YamlText { IsNull: false },
        "boolean" => node is YamlText { Value: "true" or "false" },
        "integer" => node is YamlText text && long.TryParse(text.Value, NumberStyles.None, CultureInfo.InvariantCulture, out _),
        "number" => node is YamlText text && decimal.TryParse(text.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out _),
        _ => throw new NotSupportedException(type),
    };

    private static decimal Number(YamlNode node) => decimal.Parse(((YamlText)node).Value, NumberStyles.Float, CultureInfo.InvariantCulture);
}
