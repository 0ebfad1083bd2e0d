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

    /// <summary>
    /// The value that a share of a histogram's values does not exceed, estimated as Prometheus' histogram_quantile does: values lie evenly in their bucket, and those beyond the last bound at it.
    /// </summary>
    /// <param name="histogram">Its name, without <c>_bucket</c>.</param>
    /// <param name="share">From 0 to 1.</param>
    /// <param name="of">Labels that its series must have; the others are added up.</param>
    /// <returns>Null when it has no values.</returns>
    public double? Quantile(string histogram, double share, params (string Label, string Value)[] of)
    {
        (double Bound, double Count)[] buckets = Buckets(histogram, of);
        double total = buckets.Length == 0 ? 0 : buckets[^1].Count;
        if (total <= 0)
        {
            return null;
        }

        double rank = share * total;
        int found = Array.FindIndex(buckets, bucket => bucket.Count >= rank);
        (double lower, double below) = found == 0 ? (0, 0) : buckets[found - 1];
        (double upper, double count) = buckets[found];
        return double.IsPositiveInfinity(upper) || count <= below ? lower : lower + ((upper - lower) * (rank - below) / (count - below));
    }

    /// <summary>Every value a label has, in the order of their names.</summary>
    public IReadOnlyList<string> Values(string label) =>
        [.. _families.Values.SelectMany(samples => samples).Select(sample => sample.Labels.GetValueOrDefault(label)).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>Upper bounds, rising, each with the values up to it.</summary>
    private (double Bound, double Count)[] Buckets(string histogram, (string Label, string Value)[] of) => !_families.TryGetValue(histogram + "_bucket", out var samples) ? [] :
    [
        .. samples.Where(sample => Array.TrueForAll(of, label => string.Equals(sample.Labels.GetValueOrDefault(label.Label), label.Value, StringComparison.Ordinal)))
            .GroupBy(sample => BoundOf(sample.Labels.GetValueOrDefault("le")), sample => sample.Value)
            .Select(bucket => (bucket.Key, bucket.Sum())).OrderBy(bucket => bucket.Key),
    ];

    private static double BoundOf(string? text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double bound) ? bound : double.PositiveInfinity;

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
