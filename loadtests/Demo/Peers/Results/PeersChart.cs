using System.Globalization;
using S3Proxy.Demo.Peers.Scenarios;
using S3Proxy.Reporting;

namespace S3Proxy.Demo.Peers.Results;

/// <summary>Draws medians as dots: a panel a scenario, a row a cell, a dot a server.</summary>
internal static class PeersChart
{
    /// <summary>Dark to light; told apart in grey as well.</summary>
    private static readonly string[] Colours = ["#0c3d73", "#3f9d5d", "#f0b24a", "#a9c8ec", "#b05c8e", "#777777"];

    /// <summary>Requests a second.</summary>
    public static string DrawRates(PeersResult result) => Draw(
        result,
        "Requests a second by scenario and server",
        "requests a second (logarithmic, more is better)",
        scenario => scenario.ComparedBy is ComparedBy.RequestsPerSecond or ComparedBy.HitRatio,
        sample => sample.RequestsPerSecond,
        rate => rate >= 1000 ? Text(rate / 1000, " K") : Text(rate, ""));

    /// <summary>p99 of the time to the last byte; of scenarios with a herd, that of the time to the first.</summary>
    public static string DrawLatencies(PeersResult result) => Draw(
        result,
        "Latency by scenario and server",
        "ms (logarithmic, less is better)",
        _ => true,
        sample => sample.FirstByteP99Milliseconds is { } firstByte && IsHerd(result, sample) ? firstByte : sample.P99Milliseconds,
        milliseconds => Text(milliseconds, " ms"));

    private static bool IsHerd(PeersResult result, PeerSample sample) =>
        result.Scenarios.Any(scenario => scenario.Name == sample.Scenario && scenario.ComparedBy == ComparedBy.FirstByteP99);

    private static string Draw(
        PeersResult result, string title, string unit, Func<IPeerScenario, bool> isDrawn, Func<PeerSample, double?> value, Func<double, string> format)
    {
        string[] servers = [.. result.Samples.Select(sample => sample.Server).Distinct().OrderBy(name => IndexOf(result, name))];
        List<DotPanel> panels = [];
        foreach (IPeerScenario scenario in result.Scenarios.Where(isDrawn))
        {
            DotRow[] rows =
            [
                .. scenario.Cells.Where(cell => result.ServersOf(scenario.Name, cell).Count > 0)
                    .Select(cell => new DotRow(cell, [.. servers.Select(server => result.Median(scenario.Name, cell, server, value))])),
            ];
            if (rows.Length > 0)
            {
                string what = unit.StartsWith("ms", StringComparison.Ordinal) ? scenario.ComparedBy == ComparedBy.FirstByteP99 ? "first byte p99, " : "p99, " : "";
                panels.Add(new DotPanel($"{scenario.Name}: {what}{unit}", rows));
            }
        }

        (string, string)[] series = [.. servers.Select((server, index) => (server, Colours[index % Colours.Length]))];
        return new DotChart(title, "server", series, format).Draw(panels);
    }

    private static int IndexOf(PeersResult result, string name)
    {
        int index = result.Options.Servers.Select(kind => kind.Name).ToList().IndexOf(name);
        return index < 0 ? int.MaxValue : index;
    }

    private static string Text(double value, string unit) => string.Create(CultureInfo.InvariantCulture, $"{value:0.##}{unit}");
}
