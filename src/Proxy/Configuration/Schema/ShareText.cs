using System.Globalization;

namespace S3Proxy.Configuration.Schema;

/// <summary>Reads shares: a whole number of percent, such as <c>10%</c>.</summary>
internal static class ShareText
{
    /// <summary>False for anything else.</summary>
    public static bool TryParse(string text, out long percent)
    {
        percent = 0;
        return text.EndsWith('%') && long.TryParse(text.AsSpan()[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out percent);
    }
}
