using System.Globalization;
using System.Net;
using System.Text;

namespace S3Proxy.Reporting;

/// <summary>Draws rows of dots on a logarithmic axis as SVG: a row a thing that is measured, a dot a series. Immutable.</summary>
/// <param name="title">For readers that cannot see it.</param>
/// <param name="legend">What the series are.</param>
/// <param name="series">Their names, with a colour each that can be told apart in grey as well.</param>
/// <param name="format">How a value is written, for the axis and beside the pointer.</param>
public sealed class DotChart(string title, string legend, IReadOnlyList<(string Name, string Colour)> series, Func<double, string> format)
{
    private const int Width = 900;
    private const int LabelWidth = 250;
    private const int Margin = 24;
    private const int RowHeight = 26;
    private const int PanelHeader = 46;
    private const int PanelFooter = 34;
    private const int Top = 48;
    private const int LegendStart = 76;
    private const int LetterWidth = 8;
    private const int LegendGap = 48;

    /// <summary>Draws the panels below each other; all have the same axis, a power of ten at either end.</summary>
    public string Draw(IReadOnlyList<DotPanel> panels)
    {
        ArgumentNullException.ThrowIfNull(panels);
        double[] all = [.. panels.SelectMany(panel => panel.Rows).SelectMany(row => row.Values).OfType<double>().Where(value => value > 0).DefaultIfEmpty(1)];
        double least = Math.Pow(10, Math.Floor(Math.Log10(all.Min())));
        double most = Math.Max(least * 10, Math.Pow(10, Math.Ceiling(Math.Log10(all.Max()))));
        int height = Top + panels.Sum(HeightOf) + 16;
        StringBuilder svg = new();
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {height}" font-family="sans-serif" font-size="13" role="img">""");
        svg.AppendLine(CultureInfo.InvariantCulture, $"<title>{WebUtility.HtmlEncode(title)}</title>");
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<rect width="{Width}" height="{height}" fill="#ffffff"/>""");
        DrawLegend(svg);
        int top = Top;
        foreach (DotPanel panel in panels)
        {
            DrawPanel(svg, panel, top, least, most);
            top += HeightOf(panel);
        }

        return svg.AppendLine("</svg>").ToString();
    }

    private static int HeightOf(DotPanel panel) => PanelHeader + (panel.Rows.Count * RowHeight) + PanelFooter;

    private void DrawLegend(StringBuilder svg)
    {
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<text x="{Margin}" y="28" fill="#222222">{WebUtility.HtmlEncode(legend)}:</text>""");
        int x = Margin + LegendStart;
        foreach ((string name, string colour) in series)
        {
            svg.AppendLine(CultureInfo.InvariantCulture, $"""<circle cx="{x}" cy="24" r="6" fill="{colour}"/><text x="{x + 11}" y="28" fill="#222222">{WebUtility.HtmlEncode(name)}</text>""");
            x += LegendGap + (name.Length * LetterWidth);
        }
    }

    private void DrawPanel(StringBuilder svg, DotPanel panel, int top, double least, double most)
    {
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<text x="{Margin}" y="{top + 24}" font-weight="bold" fill="#222222">{WebUtility.HtmlEncode(panel.Title)}</text>""");
        int bottom = top + PanelHeader + (panel.Rows.Count * RowHeight);
        for (double tick = least; tick <= most * 1.01; tick *= 10)
        {
            double x = X(tick, least, most);
            svg.AppendLine(CultureInfo.InvariantCulture, $"""<line x1="{x:F1}" y1="{top + PanelHeader - 8}" x2="{x:F1}" y2="{bottom}" stroke="#d0d0d0"/><text x="{x:F1}" y="{bottom + 18}" text-anchor="middle" fill="#555555">{format(tick)}</text>""");
        }

        for (int row = 0; row < panel.Rows.Count; row++)
        {
            string label = WebUtility.HtmlEncode(panel.Rows[row].Label);
            int y = top + PanelHeader + (row * RowHeight) + (RowHeight / 2);
            svg.AppendLine(CultureInfo.InvariantCulture, $"""<text x="{Margin}" y="{y + 4}" fill="#222222">{label}</text>""");
            for (int i = 0; i < series.Count; i++)
            {
                if (panel.Rows[row].Values[i] is { } value)
                {
                    svg.AppendLine(CultureInfo.InvariantCulture, $"""<circle cx="{X(value, least, most):F1}" cy="{y}" r="6" fill="{series[i].Colour}" stroke="#ffffff"><title>{label}, {WebUtility.HtmlEncode(series[i].Name)}: {format(value)}</title></circle>""");
                }
            }
        }
    }

    private static double X(double value, double least, double most) =>
        LabelWidth + (Math.Log10(Math.Max(value, least) / least) / Math.Log10(most / least) * (Width - LabelWidth - (2 * Margin)));
}
