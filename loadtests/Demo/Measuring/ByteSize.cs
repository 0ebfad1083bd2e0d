using System.Globalization;

namespace S3Proxy.Demo.Measuring;

/// <summary>Sizes as people write them: <c>512</c>, <c>64KiB</c>, <c>1MiB</c>, <c>1GiB</c>.</summary>
internal static class ByteSize
{
    public const long KiB = 1L << 10;
    public const long MiB = 1L << 20;
    public const long GiB = 1L << 30;

    private static readonly (string Unit, long Bytes)[] Units = [("GiB", GiB), ("MiB", MiB), ("KiB", KiB), ("B", 1)];

    /// <summary>Reads a whole number with an optional unit.</summary>
    /// <exception cref="FormatException">It is not a size; the message says what one looks like.</exception>
    public static long Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        (string unit, long factor) = Array.Find(Units, candidate => text.EndsWith(candidate.Unit, StringComparison.OrdinalIgnoreCase));
        ReadOnlySpan<char> digits = text.AsSpan(0, text.Length - (unit?.Length ?? 0));
        factor = unit is null ? 1 : factor;
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long count) && count <= long.MaxValue / factor
            ? count * factor
            : throw new FormatException($"'{text}' is no size. Write a whole number with B, KiB, MiB or GiB, such as 64KiB.");
    }

    /// <summary>Three significant digits or so, in the largest unit that leaves at least 1.</summary>
    public static string Format(long bytes)
    {
        foreach ((string unit, long factor) in Units)
        {
            if (bytes >= factor && factor > 1)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{(double)bytes / factor:0.##} {unit}");
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{bytes} B");
    }
}
