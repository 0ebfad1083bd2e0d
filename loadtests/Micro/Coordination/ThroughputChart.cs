using System.Globalization;
using S3Proxy.Micro.Coordination.Counting;
using S3Proxy.Reporting;

namespace S3Proxy.Micro.Coordination;

/// <summary>Draws the throughput of the counting strategies as SVG: a row a strategy, a dot a number of threads, on a logarithmic axis.</summary>
internal static class ThroughputChart
{
    /// <summary>Light to dark by number of threads; told apart in grey as well.</summary>
    private static readonly string[] Shades = ["#a9c8ec", "#78a7de", "#4a86cb", "#2563a8", "#0c3d73"];

    public static string Draw(CoordinationResult result)
    {
        (string, string)[] series = [.. CoordinationComparison.ThreadCounts.Zip(Shades, (threads, shade) => (threads.ToString(CultureInfo.InvariantCulture), shade))];
        DotChart chart = new("Steps a second by strategy, number of threads and distribution of keys", "threads", series, Format);
        return chart.Draw([PanelOf(result, "uniform"), PanelOf(result, "skewed")]);
    }

    private static DotPanel PanelOf(CoordinationResult result, string workload) => new(
        $"Statistics, {workload} keys: steps a second (logarithmic, more is better)",
        [.. CountingStrategies.All.Select(strategy => new DotRow(
            strategy.Name,
            [.. CoordinationComparison.ThreadCounts.Select(threads => (double?)result.Count(strategy.Name, workload, threads, sample => sample.StepsPerSecond))]))]);

    private static string Format(double steps) => steps >= 1e6
        ? string.Create(CultureInfo.InvariantCulture, $"{steps / 1e6:0.##} M")
        : string.Create(CultureInfo.InvariantCulture, $"{steps / 1e3:F0} K");
}
