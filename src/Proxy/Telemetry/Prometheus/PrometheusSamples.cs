using System.Globalization;
using System.Text;

namespace S3Proxy.Telemetry.Prometheus;

/// <summary>The samples of one scrape, to be added up. Immutable, thread-safe.</summary>
internal sealed class PrometheusSamples
{
    private readonly Dictionary<string, List<(IReadOnlyDictionary<string, string> Labels, double Value)>> _families;

    private PrometheusSamples(Dictionary<string, List<(IReadOnlyDictionary<string, string> Labels, double Value)>> families) => _families = families;

    /// <summary>Reads what <see cref="MetricsScraper"/> wrote. Lines of another form are left out.</summary>
    public static PrometheusSamples Parse(ReadOnlySpan<byte> utf8)
    {
        Dictionary<string, List<(IReadOnlyDictionary<string, string>, double)>> families = new(StringComparer.Ordinal);
        foreach (ReadOnlySpan<char> line in Encoding.UTF8.GetString(utf8).AsSpan().EnumerateLines())
        {
            if (line.StartsWith("s3proxy_", StringComparison.Ordinal) && TryParse(line, out string name, out IReadOnlyDictionary<string, string> labels, out double value))
            {
                if (!families.TryGetValue(name, out List<(IReadOnlyDictionary<string, string>, double)>? samples))
                {
                    families[name] = samples = [];
                }

                samples.Add((labels, value));
            }
        }

        return new PrometheusSamples(families);
    }

    /// <summary>True when there is a sample of this name.</summary>
    public bool Has(string name) => _families.ContainsKey(name);

    /// <summary>All samples of a name together; 0 when there is none.</summary>
    public double Sum(string name) => _families.TryGetValue(name, out var samples) ? samples.Sum(sample => sample.Value) : 0;

    /// <summary>Those whose <paramref name="label"/> is <paramref name="value"/>.</summary>
    public double Sum(string name, string label, string value) => _families.TryGetValue(name, out var samples)
        ? samples.Where(sample => sample.Labels.TryGetValue(label, out string? found) && string.Equals(found, value, StringComparison.Ordinal)).Sum(sample => sample.Value)
        : 0;

    /// <summary>Every value a label has, in the order of their names.</summary>
    public IReadOnlyList<string> Values(string label) =>
        [.. _families.Values.SelectMany(samples => samples).Select(sample => sample.Labels.GetValueOrDefault(label)).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static bool TryParse(ReadOnlySpan<char> line, out string name, out IReadOnlyDictionary<string, string> labels, out double value)
    {
        int brace = line.IndexOf('{');
        int end = brace < 0 ? line.IndexOf(' ') : line.LastIndexOf('}') + 1;
        labels = brace < 0 ? new Dictionary<string, string>() : LabelsOf(line[(brace + 1)..Math.Max(brace + 1, end - 1)]);
        name = end < 0 ? "" : line[..(brace < 0 ? end : brace)].ToString();
        value = 0;
        return end > 0 && double.TryParse(line[end..].Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }

    private static Dictionary<string, string> LabelsOf(ReadOnlySpan<char> text)
    {
        Dictionary<string, string> labels = new(StringComparer.Ordinal);
        int start = 0;
        while (start < text.Length && text[start..].IndexOf("=\"", StringComparison.Ordinal) is >= 0 and var equals)
        {
            string label = text.Slice(start, equals).TrimStart(',').ToString();
            StringBuilder value = new();
            int i = start + equals + 2;
            for (; i < text.Length && text[i] != '"'; i++)
            {
                bool isEscaped = text[i] == '\\' && i + 1 < text.Length;
                i += isEscaped ? 1 : 0;
                value.Append(isEscaped && text[i] == 'n' ? '\n' : text[i]);
            }

            labels[label] = value.ToString();
            start = i + 1;
        }

        return labels;
    }
}
