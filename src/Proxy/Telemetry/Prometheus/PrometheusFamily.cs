using System.Globalization;
using System.Text;
using OpenTelemetry.Metrics;

namespace S3Proxy.Telemetry.Prometheus;

/// <summary>One metric in the text format (Prometheus documentation, "Exposition formats", version 0.0.4).</summary>
internal static class PrometheusFamily
{
    /// <summary>How a metric is exposed, or null when the text format has no place for it.</summary>
    public static PrometheusKind? KindOf(MetricType type) => type switch
    {
        MetricType.LongSum or MetricType.DoubleSum => PrometheusKind.Counter,
        MetricType.LongGauge or MetricType.DoubleGauge => PrometheusKind.Gauge,
        // What may also go down is no counter.
        MetricType.LongSumNonMonotonic or MetricType.DoubleSumNonMonotonic => PrometheusKind.Gauge,
        MetricType.Histogram => PrometheusKind.Histogram,
        _ => null,
    };

    /// <summary>Writes HELP, TYPE and the series in the order of their labels; nothing for a metric without series.</summary>
    public static void Append(StringBuilder text, string name, PrometheusKind kind, Metric metric)
    {
        List<(string Labels, string Samples)> series = [];
        foreach (ref readonly MetricPoint point in metric.GetMetricPoints())
        {
            string labels = PrometheusLabels.Format(point.Tags);
            series.Add((labels, kind == PrometheusKind.Histogram
                ? HistogramSamples(name, labels, point)
                : Sample(name, labels, ValueOf(metric.MetricType, point))));
        }

        if (series.Count == 0)
        {
            return;
        }

        series.Sort((left, right) => string.CompareOrdinal(left.Labels, right.Labels));
        text.Append("# HELP ").Append(name).Append(' ');
        PrometheusLabels.AppendEscaped(text, string.IsNullOrEmpty(metric.Description) ? metric.Name : metric.Description, escapeQuotes: false);
        text.Append("\n# TYPE ").Append(name).Append(' ').Append(WordOf(kind)).Append('\n');
        foreach ((_, string samples) in series)
        {
            text.Append(samples);
        }
    }

    private static string WordOf(PrometheusKind kind) => kind switch
    {
        PrometheusKind.Counter => "counter",
        PrometheusKind.Gauge => "gauge",
        _ => "histogram",
    };

    private static string ValueOf(MetricType type, in MetricPoint point) => type switch
    {
        MetricType.LongSum or MetricType.LongSumNonMonotonic => point.GetSumLong().ToString(CultureInfo.InvariantCulture),
        MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic => Number(point.GetSumDouble()),
        MetricType.LongGauge => point.GetGaugeLastValueLong().ToString(CultureInfo.InvariantCulture),
        _ => Number(point.GetGaugeLastValueDouble()),
    };

    /// <summary>Buckets count all that is not above their bound, so each contains the ones before it; the last one counts everything.</summary>
    private static string HistogramSamples(string name, string labels, in MetricPoint point)
    {
        StringBuilder text = new();
        string separator = labels.Length == 0 ? "" : ",";
        long cumulative = 0;
        foreach (HistogramBucket bucket in point.GetHistogramBuckets())
        {
            cumulative += bucket.BucketCount;
            if (double.IsFinite(bucket.ExplicitBound))
            {
                text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{{{labels}{separator}le=\"{Number(bucket.ExplicitBound)}\"}} {cumulative}\n");
            }
        }

        long count = point.GetHistogramCount();
        text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{{{labels}{separator}le=\"+Inf\"}} {count}\n");
        text.Append(Sample(name + "_sum", labels, Number(point.GetHistogramSum())));
        text.Append(Sample(name + "_count", labels, count.ToString(CultureInfo.InvariantCulture)));
        return text.ToString();
    }

    private static string Sample(string name, string labels, string value) => labels.Length == 0 ? $"{name} {value}\n" : $"{name}{{{labels}}} {value}\n";

    private static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf"
        : double.IsNegativeInfinity(value) ? "-Inf"
        : value.ToString("R", CultureInfo.InvariantCulture);
}
