using System.Globalization;

namespace S3Proxy.Configuration.Schema;

/// <summary>
/// Reads sizes: a whole number of bytes, or one with a unit (<c>KiB MiB GiB TiB</c> are powers of 1024, <c>KB MB GB TB</c> of 1000, <c>B</c>).
/// </summary>
internal static class ByteSize
{
    private static readonly (string Suffix, long Bytes)[] Units =
    [
        ("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("TiB", 1L << 40),
        ("KB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000), ("B", 1), ("", 1),
    ];

    /// <summary>False for anything else, also when the size does not fit in 63 bits.</summary>
    public static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        int digits = 0;
        while (digits < text.Length && char.IsAsciiDigit(text[digits]))
        {
            digits++;
        }

        string suffix = text[digits..].TrimStart(' ');
        foreach ((string unit, long unitBytes) in Units)
        {
            if (suffix == unit)
            {
                return long.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out long count)
                    && TryMultiply(count, unitBytes, out bytes);
            }
        }

        return false;
    }

    private static bool TryMultiply(long count, long unitBytes, out long bytes)
    {
        bool fits = count <= long.MaxValue / unitBytes;
        bytes = fits ? count * unitBytes : 0;
        return fits;
    }
}
