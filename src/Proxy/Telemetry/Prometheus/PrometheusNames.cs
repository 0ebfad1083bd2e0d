using System.Text;

namespace S3Proxy.Telemetry.Prometheus;

/// <summary>
/// Metric and label names of Prometheus, made of those of OpenTelemetry (OpenTelemetry specification, "Prometheus and OpenMetrics
/// Compatibility"): dots become underscores, the unit becomes a suffix, counters end in <c>_total</c>.
/// </summary>
internal static class PrometheusNames
{
    private const string TotalSuffix = "_total";

    /// <summary>The name of a metric family.</summary>
    /// <param name="instrument">Instrument name, such as <c>http.client.request.duration</c>.</param>
    /// <param name="unit">UCUM unit, such as <c>s</c> or <c>{request}</c>; may be empty.</param>
    /// <param name="kind">How the instrument is exposed.</param>
    public static string FamilyOf(string instrument, string unit, PrometheusKind kind)
    {
        string name = Sanitize(instrument, colonAllowed: true);
        if (kind == PrometheusKind.Counter && name.EndsWith(TotalSuffix, StringComparison.Ordinal))
        {
            name = name[..^TotalSuffix.Length];
        }

        string suffix = UnitSuffix(unit, kind);
        if (suffix.Length > 0 && !name.EndsWith("_" + suffix, StringComparison.Ordinal))
        {
            name = $"{name}_{suffix}";
        }

        return kind == PrometheusKind.Counter ? name + TotalSuffix : name;
    }

    /// <summary>The name of a label.</summary>
    public static string LabelOf(string tag) => Sanitize(tag, colonAllowed: false);

    private static string Sanitize(string name, bool colonAllowed)
    {
        StringBuilder clean = new(name.Length + 1);
        foreach (char c in name)
        {
            char next = char.IsAsciiLetterOrDigit(c) || (c == ':' && colonAllowed) ? c : '_';
            if (next != '_' || clean.Length == 0 || clean[^1] != '_')
            {
                clean.Append(next);
            }
        }

        if (clean.Length == 0 || char.IsAsciiDigit(clean[0]))
        {
            clean.Insert(0, '_');
        }

        return clean.ToString();
    }

    private static string UnitSuffix(string unit, PrometheusKind kind)
    {
        if (unit == "1")
        {
            return kind == PrometheusKind.Gauge ? "ratio" : "";
        }

        int slash = unit.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
        {
            return UnitWord(unit, plural: true);
        }

        string counted = UnitWord(unit[..slash], plural: true);
        string per = UnitWord(unit[(slash + 1)..], plural: false);
        return per.Length == 0 ? counted : counted.Length == 0 ? $"per_{per}" : $"{counted}_per_{per}";
    }

    private static string UnitWord(string unit, bool plural)
    {
        string word = unit switch
        {
            // Braces hold a note for people, not a unit.
            "" or ['{', ..] => "",
            "%" => "percent",
            "Cel" => "celsius",
            "Hz" => "hertz",
            "By" => "byte",
            "KiBy" => "kibibyte",
            "MiBy" => "mebibyte",
            "GiBy" => "gibibyte",
            "ns" => "nanosecond",
            "us" => "microsecond",
            "ms" => "millisecond",
            "s" => "second",
            "min" => "minute",
            "h" => "hour",
            "d" => "day",
            _ => Sanitize(unit, colonAllowed: false).Trim('_'),
        };
        bool takesPlural = word.EndsWith("byte", StringComparison.Ordinal)
            || word.EndsWith("second", StringComparison.Ordinal)
            || word is "minute" or "hour" or "day";
        return plural && takesPlural ? word + "s" : word;
    }
}
