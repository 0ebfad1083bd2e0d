using System.Globalization;

namespace S3Proxy.Testing.Origin.Protocol;

/// <summary>A single byte range as asked for (RFC 9110 section 14.1.2), before the size of the object is known.</summary>
/// <param name="First">First byte; null for a suffix.</param>
/// <param name="Last">Last byte, inclusive; null for an open range; the number of bytes for a suffix.</param>
internal readonly record struct ByteRange(long? First, long? Last)
{
    private const string Unit = "bytes=";

    /// <summary>Null for what S3 ignores: no range, another unit, bad syntax, several ranges, last before first.</summary>
    public static ByteRange? Parse(string? header)
    {
        if (header is null || !header.StartsWith(Unit, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        ReadOnlySpan<char> spec = header.AsSpan(Unit.Length).Trim();
        int dash = spec.IndexOf('-');
        if (dash < 0 || !TryNumber(spec[..dash], out long? first) || !TryNumber(spec[(dash + 1)..], out long? last)
            || (first is null && last is null) || first > last)
        {
            return null;
        }

        return new ByteRange(first, last);
    }

    /// <summary>The bytes meant in an object of that size; false when there are none (416).</summary>
    public bool TryResolve(long sizeBytes, out long start, out long length)
    {
        start = First ?? Math.Max(0, sizeBytes - Last!.Value);
        long end = First is null ? sizeBytes : Math.Min(Last is { } last && last < long.MaxValue ? last + 1 : long.MaxValue, sizeBytes);
        length = Math.Max(0, end - start);
        return length > 0;
    }

    /// <summary>Digits or nothing. More than a <see cref="long"/> holds means beyond every object.</summary>
    private static bool TryNumber(ReadOnlySpan<char> digits, out long? value)
    {
        value = null;
        if (digits.ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        if (!digits.IsEmpty)
        {
            value = long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : long.MaxValue;
        }

        return true;
    }
}
