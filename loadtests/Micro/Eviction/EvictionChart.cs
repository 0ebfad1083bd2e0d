using System.Globalization;
using System.Text;

namespace S3Proxy.Micro.Eviction;

/// <summary>Draws hit ratios as SVG: a panel a size of the cache, a row a trace, a mark a policy.</summary>
internal static class EvictionChart
{
    private const int Width = 900;
    private const int LabelWidth = 190;
    private const int Margin = 24;
    private const int RowHeight = 26;
    private const int PanelHeader = 46;

    /// <summary>Light to dark by policy, the bound in grey; told apart by shape as well.</summary>
    private static readonly string[] Shades = ["#a9c8ec", "#4a86cb", "#c4622d", "#0c3d73", "#888888"];

    public static string Draw(EvictionReport report)
    {
        int panelHeight = PanelHeader + (report.Traces.Count * RowHeight) + 34;
        int height = (EvictionReplay.CacheShares.Count * panelHeight) + 64;
        StringBuilder svg = new();
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {height}" font-family="sans-serif" font-size="13" role="img">""");
        svg.AppendLine("<title>Hit ratio by trace, policy and size of the cache</title>");
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<rect width="{Width}" height="{height}" fill="#ffffff"/>""");
        for (int i = 0; i < EvictionReport.Policies.Count; i++)
        {
            int x = Margin + 10 + (i * 170);
            svg.AppendLine(CultureInfo.InvariantCulture, $"""{Mark(i, x, 24)}<text x="{x + 13}" y="28" fill="#222222">{EvictionReport.Policies[i]}</text>""");
        }

        for (int panel = 0; panel < EvictionReplay.CacheShares.Count; panel++)
        {
            Panel(svg, report, EvictionReplay.CacheShares[panel], 48 + (panel * panelHeight));
        }

        return svg.AppendLine("</svg>").ToString();
    }

    private static void Panel(StringBuilder svg, EvictionReport report, double share, int top)
    {
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<text x="{Margin}" y="{top + 24}" font-weight="bold" fill="#222222">Cache of {share:P0} of all objects' bytes: hit ratio by requests (more is better)</text>""");
        int bottom = top + PanelHeader + (report.Traces.Count * RowHeight);
        for (int tick = 0; tick <= 100; tick += 20)
        {
            double x = X(tick / 100.0);
            svg.AppendLine(CultureInfo.InvariantCulture, $"""<line x1="{x:F1}" y1="{top + PanelHeader - 8}" x2="{x:F1}" y2="{bottom}" stroke="#d0d0d0"/><text x="{x:F1}" y="{bottom + 18}" text-anchor="middle" fill="#555555">{tick} %</text>""");
        }

        for (int row = 0; row < report.Traces.Count; row++)
        {
            string trace = report.Traces[row].Name;
            int y = top + PanelHeader + (row * RowHeight) + (RowHeight / 2);
            svg.AppendLine(CultureInfo.InvariantCulture, $"""<text x="{Margin}" y="{y + 4}" fill="#222222">{trace}</text>""");
            for (int i = EvictionReport.Policies.Count - 1; i >= 0; i--)
            {
                double ratio = report.Of(trace, EvictionReport.Policies[i], share, sample => sample.HitRatio);
                svg.AppendLine(CultureInfo.InvariantCulture, $"""<g>{Mark(i, X(ratio), y)}<title>{trace}, {EvictionReport.Policies[i]}: {ratio:P1}</title></g>""");
            }
        }
    }

    private static string Mark(int policy, double x, int y)
    {
        string shade = policy == EvictionReport.Policies.Count - 1 ? Shades[^1] : Shades[policy];
        return policy == EvictionReport.Policies.Count - 1
            ? string.Create(CultureInfo.InvariantCulture, $"""<line x1="{x:F1}" y1="{y - 8}" x2="{x:F1}" y2="{y + 8}" stroke="{shade}" stroke-width="3"/>""")
            : policy switch
            {
                0 => string.Create(CultureInfo.InvariantCulture, $"""<rect x="{x - 5:F1}" y="{y - 5}" width="10" height="10" fill="{shade}" stroke="#ffffff"/>"""),
                1 or 3 => string.Create(CultureInfo.InvariantCulture, $"""<circle cx="{x:F1}" cy="{y}" r="6" fill="{shade}" stroke="#ffffff"/>"""),
                _ => string.Create(CultureInfo.InvariantCulture, $"""<path d="M {x:F1} {y - 7} l 6 11 h -12 z" fill="{shade}" stroke="#ffffff"/>"""),
            };
    }

    private static double X(double ratio) => LabelWidth + (ratio * (Width - LabelWidth - (2 * Margin)));
}
