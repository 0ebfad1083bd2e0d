using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace S3Proxy.Configuration.Schema;

/// <summary>
/// Writes the table of keys as a JSON Schema (draft 2020-12), for editors and for checks outside of the proxy. It is no stricter than the proxy: what several keys must fulfil together, and what
/// a value leads to, only the proxy can tell.
/// </summary>
internal static class JsonSchema
{
    private const string SizePattern = "^[0-9]+ *([KMGT]i?B|B)?$";
    private const string DurationPattern = "^(0|([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?)$";
    private const string SharePattern = "^[0-9]+%$";

    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The schema, as <c>config/s3proxy.schema.json</c> holds it.</summary>
    public static string Write()
    {
        using MemoryStream text = new();
        using (Utf8JsonWriter json = new(text, Options))
        {
            json.WriteStartObject();
            json.WriteString("$schema", "https://json-schema.org/draft/2020-12/schema");
            json.WriteString("title", "s3proxy configuration");
            WriteMapping(json, SchemaNode.Root);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(text.ToArray()) + "\n";
    }

    private static void WriteNode(Utf8JsonWriter json, SchemaNode node)
    {
        ConfigurationKey key = node.Key;
        json.WriteStartObject();
        json.WriteString("description", key.NeedsRestart ? key.Description + " Needs a restart." : key.Description);
        switch (key.Kind)
        {
            case ValueKind.Mapping:
                WriteMapping(json, node);
                break;
            case ValueKind.NamedMapping:
                json.WriteString("type", "object");
                json.WritePropertyName("additionalProperties");
                WriteNode(json, node.Child("*")!);
                break;
            case ValueKind.List:
                json.WriteString("type", "array");
                json.WritePropertyName("items");
                WriteNode(json, node.ItemNode);
                break;
            default:
                WriteScalar(json, key);
                break;
        }

        json.WriteEndObject();
    }

    private static void WriteMapping(Utf8JsonWriter json, SchemaNode node)
    {
        json.WriteString("type", "object");
        json.WriteBoolean("additionalProperties", false);
        json.WriteStartObject("properties");
        foreach ((string name, SchemaNode child) in node.NamedChildren)
        {
            json.WritePropertyName(name);
            WriteNode(json, child);
        }

        json.WriteEndObject();
        string[] required = [.. node.NamedChildren.Where(child => child.Value.Key.MissingMessage is not null).Select(child => child.Key)];
        if (required.Length > 0)
        {
            WriteTexts(json, "required", required);
        }
    }

    /// <summary>The proxy reads every single value as it is written, so YAML's own numbers and booleans will do where their text does.</summary>
    private static void WriteScalar(Utf8JsonWriter json, ConfigurationKey key)
    {
        switch (key.Kind)
        {
            case ValueKind.Flag:
                json.WriteString("type", "boolean");
                break;
            case ValueKind.Integer:
                json.WriteString("type", "integer");
                WriteRange(json, key);
                break;
            case ValueKind.Decimal:
                json.WriteString("type", "number");
                WriteRange(json, key);
                break;
            case ValueKind.Choice:
                WriteChoices(json, key);
                break;
            case ValueKind.Size:
                WritePattern(json, SizePattern);
                break;
            case ValueKind.Duration:
                WritePattern(json, DurationPattern);
                break;
            case ValueKind.Share:
                WritePattern(json, SharePattern);
                break;
            case ValueKind.Url:
                json.WriteString("type", "string");
                break;
            default:
                WriteTexts(json, "type", ["string", "number", "boolean"]);
                break;
        }

        if (key.Default is { } text && key.Kind is not (ValueKind.Flag or ValueKind.Integer or ValueKind.Decimal))
        {
            json.WriteString("default", text);
        }
        else if (key.Default is { } literal)
        {
            json.WritePropertyName("default");
            json.WriteRawValue(literal);
        }
    }

    private static void WriteRange(Utf8JsonWriter json, ConfigurationKey key)
    {
        if (key.Range is { } range && ScalarCheck.TryParseInteger(range.Least, out long least) && ScalarCheck.TryParseInteger(range.Most, out long most))
        {
            json.WriteNumber("minimum", least);
            json.WriteNumber("maximum", most);
        }
    }

    private static void WriteChoices(Utf8JsonWriter json, ConfigurationKey key)
    {
        json.WriteStartArray("enum");
        foreach (string choice in key.Choices)
        {
            json.WriteStringValue(choice);
            if (IsLiteral(choice))
            {
                json.WriteRawValue(choice);
            }
            else if (choice == "off")
            {
                // YAML 1.1 reads it as a boolean.
                json.WriteBooleanValue(false);
            }
        }

        json.WriteEndArray();
    }

    private static bool IsLiteral(string text) => double.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out _);

    private static void WritePattern(Utf8JsonWriter json, string pattern)
    {
        WriteTexts(json, "type", ["string", "integer"]);
        json.WriteString("pattern", pattern);
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }
}
