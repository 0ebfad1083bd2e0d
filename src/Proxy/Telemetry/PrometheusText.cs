using System.Globalization;
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace S3Proxy.Telemetry;

/// <summary>
/// Writes metrics in Prometheus' text format 0.0.4, under names made by the rules of OpenTelemetry's "Prometheus and OpenMetrics Compatibility": dots become
/// underscores, the unit and, for counters, <c>total</c> are appended. Not thread-safe.
/// </summary>
internal sealed class PrometheusText
{
    private readonly StringBuilder _text = new();
    private readonly HashSet<string> _written = new(StringComparer.Ordinal);

    public void Write(Metric metric)
    {
        bool isCounter = metric.MetricType is MetricType.LongSum or MetricType.DoubleSum;
        string name = NameOf(metric.Name, metric.Unit, isCounter);
        if (metric.MetricType == MetricType.ExponentialHistogram || !_written.Add(name))
        {
            return;
        }

        string type = isCounter ? "counter" : metric.MetricType.IsHistogram() ? "histogram" : "gauge";
        _text.Append("# HELP ").Append(name).Append(' ').Append(EscapeHelp(metric.Description.Length > 0 ? metric.Description : metric.Name)).Append('\n');
        _text.Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
        foreach (ref readonly MetricPoint point in metric.GetMetricPoints())
        {
            if (metric.MetricType.IsHistogram())
            {
                WriteHistogram(name, point);
            }
            else
            {
                Line(name, "", point.Tags, null, ValueOf(metric.MetricType, point));
            }
        }
    }

    public override string ToString() => _text.ToString();

    /// <summary>The Prometheus name of an instrument.</summary>
    public static string NameOf(string instrument, string unit, bool isCounter)
    {
        StringBuilder name = new(instrument.Length + 16);
        foreach (char c in instrument)
        {
            name.Append(char.IsAsciiLetterOrDigit(c) || c == ':' ? c : '_');
        }

        string suffix = unit switch
        {
            "s" => "_seconds",
            "ms" => "_milliseconds",
            "By" => "_bytes",
            "1" or "" => "",
            _ => "",
        };
        if (!EndsWith(name, suffix))
        {
            name.Append(suffix);
        }

        if (isCounter && !EndsWith(name, "_total"))
        {
            name.Append("_total");
        }

        return name.ToString();
    }

    private static bool EndsWith(StringBuilder text, string suffix) =>
        text.Length >= suffix.Length && text.ToString(text.Length - suffix.Length, suffix.Length) == suffix;

    private static double ValueOf(MetricType type, in MetricPoint point) => type switch
    {
        MetricType.LongSum or MetricType.LongSumNonMonotonic => point.GetSumLong(),
        MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic => point.GetSumDouble(),
        MetricType.LongGauge => point.GetGaugeLastValueLong(),
        _ => point.GetGaugeLastValueDouble(),
    };

    private void WriteHistogram(string name, in MetricPoint point)
    {
        long cumulative = 0;
        foreach (HistogramBucket bucket in point.GetHistogramBuckets())
        {
            cumulative += bucket.BucketCount;
            string bound = double.IsPositiveInfinity(bucket.ExplicitBound) ? "+Inf" : bucket.ExplicitBound.ToString("R", CultureInfo.InvariantCulture);
            Line(name, "_bucket", point.Tags, bound, cumulative);
        }

        Line(name, "_sum", point.Tags, null, point.GetHistogramSum());
        Line(name, "_count", point.Tags, null, point.GetHistogramCount());
    }

    private void Line(string name, string suffix, ReadOnlyTagCollection tags, string? bound, double value)
    {
        _text.Append(name).Append(suffix);
        char separator = '{';
        foreach ((string key, object? tag) in tags)
        {
            Label(ref separator, key, Convert.ToString(tag, CultureInfo.InvariantCulture) ?? "");
        }

        if (bound is not null)
        {
            Label(ref separator, "le", bound);
        }

        if (separator == ',')
        {
            _text.Append('}');
        }

        _text.Append(' ').Append(Number(value)).Append('\n');
    }

    private void Label(ref char separator, string key, string value)
    {
        _text.Append(separator);
        separator = ',';
        foreach (char c in key)
        {
            _text.Append(char.IsAsciiLetterOrDigit(c) ? c : '_');
        }

        _text.Append("=\"").Append(EscapeLabel(value)).Append('"');
    }

    private static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : value.ToString("R", CultureInfo.InvariantCulture);

    private static string EscapeHelp(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string EscapeLabel(string text) => EscapeHelp(text).Replace("\"", "\\\"", StringComparison.Ordinal);
}
