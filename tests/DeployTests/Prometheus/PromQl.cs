using System.Text.RegularExpressions;

namespace S3Proxy.DeployTests.Prometheus;

/// <summary>What is read out of PromQL without a parser.</summary>
internal static partial class PromQl
{
    /// <summary>The metrics that an expression asks for whose names begin as the proxy's do; recorded series are not among them.</summary>
    public static IEnumerable<string> MetricsOf(string expression) =>
        MetricName().Matches(LabelValue().Replace(expression, "\"\"")).Select(match => match.Value).Distinct(StringComparer.Ordinal);

    /// <summary>The name of the family: histograms have series of other names.</summary>
    public static string FamilyOf(string metric) => HistogramSuffix().Replace(metric, "");

    /// <summary>With Grafana's variables replaced as Grafana does.</summary>
    public static string WithoutVariables(string expression) => expression
        .Replace("$__rate_interval", "5m", StringComparison.Ordinal)
        .Replace("$__range", "3h", StringComparison.Ordinal)
        .Replace("$namespace", ".*", StringComparison.Ordinal)
        .Replace("$instance", ".*", StringComparison.Ordinal);

    [GeneratedRegex(@"(?<![\w:])(s3proxy|dotnet|kestrel)_[a-z0-9_]+(?![\w:])")]
    private static partial Regex MetricName();

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex LabelValue();

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex HistogramSuffix();
}
