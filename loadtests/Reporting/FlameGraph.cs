using System.Globalization;
using System.Net;
using System.Text;

namespace S3Proxy.Reporting;

/// <summary>Draws where a process spent its time as SVG: a box a function, as wide as the samples in which it was on the stack, above the one that called it. Immutable.</summary>
/// <param name="title">For readers that cannot see it, and above the drawing.</param>
public sealed class FlameGraph(string title)
{
    private const int Width = 1200;
    private const int Margin = 12;
    private const int RowHeight = 17;
    private const int Top = 56;
    private const double LetterWidth = 6.6;

    /// <summary>Narrower boxes say nothing.</summary>
    private const double LeastWidth = 0.7;

    private static readonly (string Room, string Colour)[] Rooms =
    [
        (PerfScript.Kernel, "#e8a36a"), (PerfScript.Runtime, "#c9c9c9"), (PerfScript.Libraries, "#c3b1e1"), (PerfScript.Server, "#9fc5e8"), (PerfScript.Proxy, "#93c47d"),
    ];

    /// <summary>Draws a tree of samples.</summary>
    public string Draw(FlameNode root)
    {
        ArgumentNullException.ThrowIfNull(root);
        double widthPerSample = (double)(Width - (2 * Margin)) / Math.Max(1, root.Samples);
        int height = Top + (root.DepthOf((long)Math.Ceiling(LeastWidth / widthPerSample)) * RowHeight) + Margin;
        StringBuilder svg = new();
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {height}" font-family="sans-serif" font-size="11" role="img">""");
        svg.AppendLine(CultureInfo.InvariantCulture, $"<title>{WebUtility.HtmlEncode(title)}</title>");
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<rect width="{Width}" height="{height}" fill="#ffffff"/>""");
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<text x="{Margin}" y="20" font-size="14" fill="#222222">{WebUtility.HtmlEncode(title)}</text>""");
        DrawLegend(svg);
        if (root.Samples > 0)
        {
            Draw(svg, root, Margin, widthPerSample, height - Margin - RowHeight, root.Samples);
        }

        return svg.AppendLine("</svg>").ToString();
    }

    private static void DrawLegend(StringBuilder svg)
    {
        int x = Margin;
        foreach ((string room, string colour) in Rooms)
        {
            svg.AppendLine(CultureInfo.InvariantCulture, $"""<rect x="{x}" y="32" width="12" height="12" fill="{colour}"/><text x="{x + 17}" y="42" fill="#222222">{room}</text>""");
            x += 50 + (int)(room.Length * LetterWidth);
        }
    }

    private static void Draw(StringBuilder svg, FlameNode node, double x, double widthPerSample, int y, long all)
    {
        double width = node.Samples * widthPerSample;
        if (width < LeastWidth)
        {
            return;
        }

        string name = WebUtility.HtmlEncode(node.Name);
        string colour = Rooms.First(room => room.Room == node.Room).Colour;
        svg.Append(CultureInfo.InvariantCulture, $"""<g><title>{name}: {100.0 * node.Samples / all:0.0} %</title><rect x="{x:F1}" y="{y}" width="{width:F1}" height="{RowHeight - 1}" fill="{colour}" rx="1"/>""");
        int letters = (int)((width - 6) / LetterWidth);
        if (letters >= 3)
        {
            string shown = node.Name.Length <= letters ? node.Name : node.Name[..(letters - 1)] + "…";
            svg.Append(CultureInfo.InvariantCulture, $"""<text x="{x + 3:F1}" y="{y + 12}" fill="#222222">{WebUtility.HtmlEncode(shown)}</text>""");
        }

        svg.AppendLine("</g>");
        foreach (FlameNode callee in node.Callees)
        {
            Draw(svg, callee, x, widthPerSample, y - RowHeight, all);
            x += callee.Samples * widthPerSample;
        }
    }
}
