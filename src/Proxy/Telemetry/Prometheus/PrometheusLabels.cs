using System.Globalization;
using System.Text;
using OpenTelemetry;

namespace S3Proxy.Telemetry.Prometheus;

/// <summary>Labels of a series in the text format, without the braces: <c>code="AccessDenied",origin="main"</c>.</summary>
internal static class PrometheusLabels
{
    /// <summary>
    /// Labels in the order of their names. Tags whose names become one label share it, their values joined by a semicolon: a label that stands
    /// twice would fail the whole scrape.
    /// </summary>
    public static string Format(ReadOnlyTagCollection tags)
    {
        if (tags.Count == 0)
        {
            return "";
        }

        SortedDictionary<string, string> labels = new(StringComparer.Ordinal);
        foreach (KeyValuePair<string, object?> tag in tags)
        {
            string name = PrometheusNames.LabelOf(tag.Key);
            string value = ValueOf(tag.Value);
            labels[name] = labels.TryGetValue(name, out string? earlier) ? $"{earlier};{value}" : value;
        }

        StringBuilder text = new();
        foreach ((string name, string value) in labels)
        {
            text.Append(text.Length == 0 ? "" : ",").Append(name).Append("=\"");
            AppendEscaped(text, value, escapeQuotes: true);
            text.Append('"');
        }

        return text.ToString();
    }

    /// <summary>Writes text so that it stays within its line and, in a label, within its quotes.</summary>
    public static void AppendEscaped(StringBuilder text, string value, bool escapeQuotes)
    {
        foreach (char c in value)
        {
            switch (c)
            {
                case '\\':
                    text.Append(@"\\");
                    break;
                case '\n':
                    text.Append(@"\n");
                    break;
                case '"' when escapeQuotes:
                    text.Append("\\\"");
                    break;
                default:
                    text.Append(c);
                    break;
            }
        }
    }

    private static string ValueOf(object? value) => value switch
    {
        bool flag => flag ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
