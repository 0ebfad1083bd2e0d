using System.Globalization;
using System.Text;
using S3Proxy.Telemetry.Latency;

namespace S3Proxy.Telemetry.Prometheus;

/// <summary>A histogram that is counted past the OpenTelemetry SDK, in the text format.</summary>
internal static class PrometheusLatency
{
    /// <summary>Writes HELP, TYPE and the series in the order of their labels; nothing for one without series.</summary>
    public static void Append(StringBuilder text, string name, LatencyFamily family)
    {
        (string Labels, LocalHistogramSnapshot Snapshot)[] series =
        [
            .. family.Read().Select(one => (Labels: LabelsOf(one.Labels), one.Snapshot)).OrderBy(one => one.Labels, StringComparer.Ordinal),
        ];
        if (series.Length == 0)
        {
            return;
        }

        text.Append("# HELP ").Append(name).Append(' ').Append(family.Description).Append("\n# TYPE ").Append(name).Append(" histogram\n");
        foreach ((string labels, LocalHistogramSnapshot snapshot) in series)
        {
            AppendSeries(text, name, labels, family.BoundsSeconds, snapshot);
        }
    }

    /// <summary>The labels are words of the proxy's own and stand in the order of their names.</summary>
    private static string LabelsOf(LatencyLabels labels) =>
        string.Join(',', labels.ToTags().Select(tag => $"{tag.Key}=\"{tag.Value}\""));

    private static void AppendSeries(StringBuilder text, string name, string labels, IReadOnlyList<double> bounds, LocalHistogramSnapshot snapshot)
    {
        long cumulative = 0;
        for (int bucket = 0; bucket < snapshot.Counts.Length; bucket++)
        {
            cumulative += snapshot.Counts[bucket];
            string bound = bucket < bounds.Count ? bounds[bucket].ToString("R", CultureInfo.InvariantCulture) : "+Inf";
            text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{{{labels},le=\"{bound}\"}} {cumulative}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"{name}_sum{{{labels}}} {snapshot.Sum.TotalSeconds:R}\n");
        text.Append(CultureInfo.InvariantCulture, $"{name}_count{{{labels}}} {cumulative}\n");
    }
}
