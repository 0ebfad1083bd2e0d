using System.Collections;
using System.Collections.Frozen;
using System.Globalization;
using System.Net;
using System.Reflection;
using System.Text.Json;
using S3Proxy.Configuration;
using S3Proxy.Configuration.Schema;

namespace S3Proxy.Admin;

/// <summary>
/// A configuration as JSON, every value as the process understood it. Sections are read by reflection, so that a new key is told without a change here; a secret is told only as
/// <c>set</c>, and what is no plain value or section of the configuration is not told at all.
/// </summary>
internal static class ConfigurationDocument
{
    private const int MaxDepth = 8;
    private static readonly string[] Ways = ["File", "Env"];
    private static readonly FrozenSet<string> Secrets = ConfigurationKeys.All.Where(key => key.IsSecret).Select(NameOf).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Writes the sections as properties of the object that is open.</summary>
    public static void Write(Utf8JsonWriter json, ProxyConfiguration configuration) => WriteProperties(json, configuration, MaxDepth);

    /// <summary>True for a property whose value must not be told: in whatever section, one that is named as a secret key of the table, or as what such a key leads to.</summary>
    public static bool IsSecret(string property) => Secrets.Contains(property);

    private static string NameOf(ConfigurationKey key)
    {
        string name = key.Pattern[(key.Pattern.LastIndexOf('.') + 1)..];
        return key.LeadsToSecret && Ways.FirstOrDefault(way => name.EndsWith(way, StringComparison.Ordinal)) is { } way ? name[..^way.Length] : name;
    }

    private static void WriteProperties(Utf8JsonWriter json, object section, int depth)
    {
        foreach (PropertyInfo property in section.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.GetIndexParameters().Length > 0)
            {
                continue;
            }

            object? value = property.GetValue(section);
            json.WritePropertyName(JsonNamingPolicy.CamelCase.ConvertName(property.Name));
            if (IsSecret(property.Name))
            {
                json.WriteStringValue(value is null ? null : "set");
            }
            else if (section is BucketConfiguration && value is OriginConfiguration origin)
            {
                json.WriteStringValue(origin.Name);
            }
            else
            {
                WriteValue(json, value, depth - 1);
            }
        }
    }

    private static void WriteValue(Utf8JsonWriter json, object? value, int depth)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case int or long:
                json.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case double share:
                json.WriteNumberValue(share);
                break;
            case TimeSpan time:
                json.WriteStringValue(string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds}s"));
                break;
            case string or Uri or IPEndPoint or IPNetwork or RedisEndpoint:
                json.WriteStringValue(value.ToString());
                break;
            case DateTimeOffset moment:
                json.WriteStringValue(moment);
                break;
            case Enum choice:
                json.WriteStringValue(choice.ToString().ToLowerInvariant());
                break;
            case IDictionary entries:
                WriteEntries(json, entries, depth);
                break;
            case IEnumerable items:
                WriteItems(json, items, depth);
                break;
            case { } section when depth > 0 && section.GetType().Namespace == typeof(ProxyConfiguration).Namespace:
                json.WriteStartObject();
                WriteProperties(json, section, depth);
                json.WriteEndObject();
                break;
            default:
                json.WriteStringValue("set");
                break;
        }
    }

    private static void WriteEntries(Utf8JsonWriter json, IDictionary entries, int depth)
    {
        json.WriteStartObject();
        foreach (string key in entries.Keys.Cast<string>().Order(StringComparer.Ordinal))
        {
            json.WritePropertyName(key);
            WriteValue(json, entries[key], depth);
        }

        json.WriteEndObject();
    }

    private static void WriteItems(Utf8JsonWriter json, IEnumerable items, int depth)
    {
        json.WriteStartArray();
        foreach (object? item in items)
        {
            WriteValue(json, item, depth);
        }

        json.WriteEndArray();
    }
}
