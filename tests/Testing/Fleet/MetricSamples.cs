using System.Globalization;

namespace S3Proxy.Testing.Fleet;

/// <summary>What one scrape of <c>/metrics</c> told (Prometheus text format). Immutable.</summary>
public sealed class MetricSamples
{
    private readonly List<(string Name, string Labels, double Value)> _samples = [];

    private MetricSamples()
    {
    }

    /// <summary>Reads a scrape; lines that are no samples are left out.</summary>
    public static MetricSamples Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        MetricSamples samples = new();
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            int space = line.LastIndexOf(' ');
            if (line[0] != '#' && space > 0 && double.TryParse(line.AsSpan(space + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
            {
                int brace = line.IndexOf('{', StringComparison.Ordinal);
                int end = brace < 0 ? space : brace;
                samples._samples.Add((line[..end], line[end..space], value));
            }
        }

        return samples;
    }

    /// <summary>The sum over all samples of a name whose labels have every one of <paramref name="labels"/>, each as <c>name="value"</c>; 0 where there are none.</summary>
    public double Sum(string name, params string[] labels) =>
        _samples.Where(sample => sample.Name == name && labels.All(label => sample.Labels.Contains(label, StringComparison.Ordinal))).Sum(sample => sample.Value);

    /// <summary>Every sample whose name begins so, a line each, for people.</summary>
    public string Describe(string prefix) => string.Join('\n', _samples
        .Where(sample => sample.Name.StartsWith(prefix, StringComparison.Ordinal))
        .Select(sample => string.Create(CultureInfo.InvariantCulture, $"{sample.Name}{sample.Labels} {sample.Value}")));
}
