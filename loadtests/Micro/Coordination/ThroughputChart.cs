using System.Globalization;
using System.Text;
using S3Proxy.Micro.Coordination.Counting;

namespace S3Proxy.Micro.Coordination;

/// <summary>Draws the throughput of the counting strategies as SVG: a row a strategy, a dot a number of threads, on a logarithmic axis.</summary>
internal static class ThroughputChart
{
    private const int Width = 900;
    private const int LabelWidth = 250;
    private const int Margin = 24;
    private const int RowHeight = 26;
    private const int PanelHeader = 46;

    /// <summary>Light to dark by number of threads; told apart in grey as well.</summary>
    private static readonly string[] Shades = ["#a9c8ec", "#78a7de", "#4a86cb", "#2563a8", "#0c3d73"];

    public static string Draw(CoordinationResult result)
    {
        double[] all = [.. result.Counting.Select(sample => sample.StepsPerSecond)];
        double least = Math.Pow(10, Math.Floor(Math.Log10(all.Min())));
        double most = Math.Pow(10, Math.Ceiling(Math.Log10(all.Max())));
        string[] workloads = ["uniform", "skewed"];
        int panelHeight = PanelHeader + (CountingStrategies.All.Count * RowHeight) + 34;
        int height = (workloads.Length * panelHeight) + 64;
        StringBuilder svg = new();
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {height}" font-family="sans-serif" font-size="13" role="img">""");
        svg.AppendLine("<title>Steps a second by strategy, number of threads and distribution of keys</title>");
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<rect width="{Width}" height="{height}" fill="#ffffff"/>""");
        Legend(svg);
        for (int panel = 0; panel < workloads.Length; panel++)
        {
            Panel(svg, result, workloads[panel], 48 + (panel * panelHeight), least, most);
        }

        return svg.AppendLine("</svg>").ToString();
    }

    private static void Legend(StringBuilder svg)
    {
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<text x="{Margin}" y="28" fill="#222222">threads:</text>""");
        for (int i = 0; i < Shades.Length; i++)
        {
            int x = Margin + 76 + (i * 56);
            svg.AppendLine(CultureInfo.InvariantCulture, $"""<circle cx="{x}" cy="24" r="6" fill="{Shades[i]}"/><text x="{x + 11}" y="28" fill="#222222">{CoordinationComparison.ThreadCounts[i]}</text>""");
        }
    }

    private static void Panel(StringBuilder svg, CoordinationResult result, string workload, int top, double least, double most)
    {
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<text x="{Margin}" y="{top + 24}" font-weight="bold" fill="#222222">Statistics, {workload} keys: steps a second (logarithmic, more is better)</text>""");
        int bottom = top + PanelHeader + (CountingStrategies.All.Count * RowHeight);
        for (double tick = least; tick <= most * 1.01; tick *= 10)
        {
            double x = X(tick, least, most);
            string label = tick >= 1e6 ? $"{tick / 1e6:F0} M" : $"{tick / 1e3:F0} K";
            svg.AppendLine(CultureInfo.InvariantCulture, $"""<line x1="{x:F1}" y1="{top + PanelHeader - 8}" x2="{x:F1}" y2="{bottom}" stroke="#d0d0d0"/><text x="{x:F1}" y="{bottom + 18}" text-anchor="middle" fill="#555555">{label}</text>""");
        }

        for (int row = 0; row < CountingStrategies.All.Count; row++)
        {
            string name = CountingStrategies.All[row].Name;
            int y = top + PanelHeader + (row * RowHeight) + (RowHeight / 2);
            svg.AppendLine(CultureInfo.InvariantCulture, $"""<text x="{Margin}" y="{y + 4}" fill="#222222">{name}</text>""");
            for (int i = 0; i < Shades.Length; i++)
            {
                double steps = result.Count(name, workload, CoordinationComparison.ThreadCounts[i], sample => sample.StepsPerSecond);
                svg.AppendLine(CultureInfo.InvariantCulture, $"""<circle cx="{X(steps, least, most):F1}" cy="{y}" r="6" fill="{Shades[i]}" stroke="#ffffff"><title>{name}, {CoordinationComparison.ThreadCounts[i]} threads: {steps / 1e6:F2} M/s</title></circle>""");
            }
        }
    }

    private static double X(double value, double least, double most) =>
        LabelWidth + (Math.Log10(Math.Max(value, least) / least) / Math.Log10(most / least) * (Width - LabelWidth - (2 * Margin)));
}
