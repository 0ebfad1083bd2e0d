using System.Globalization;

namespace S3Proxy.Protocol;

/// <summary>HTTP dates: the three forms a recipient must understand, and the one a sender writes (RFC 9110 section 5.6.7).</summary>
internal static class HttpDate
{
    private const DateTimeStyles Styles =
        DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal | DateTimeStyles.AllowInnerWhite;

    // RFC 850 years have two digits; the invariant calendar takes 50 to 99 as 19xx, which holds for any date an S3 object can have.
    private static readonly string[] ObsoleteFormats = ["dddd, dd-MMM-yy HH:mm:ss 'GMT'", "ddd MMM d HH:mm:ss yyyy"];

    /// <summary>False when <paramref name="text"/> is none of the three forms; such a header is ignored.</summary>
    public static bool TryParse(string? text, out DateTimeOffset date)
    {
        ReadOnlySpan<char> trimmed = text.AsSpan().Trim(" \t");
        return DateTimeOffset.TryParseExact(trimmed, "r", CultureInfo.InvariantCulture, DateTimeStyles.None, out date)
            || DateTimeOffset.TryParseExact(trimmed, ObsoleteFormats, CultureInfo.InvariantCulture, Styles, out date);
    }

    /// <summary>IMF-fixdate, as <c>Sun, 06 Nov 1994 08:49:37 GMT</c>.</summary>
    public static string Format(DateTimeOffset date) => date.ToUniversalTime().ToString("r", CultureInfo.InvariantCulture);
}
