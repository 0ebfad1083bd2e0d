namespace S3Proxy.Protocol;

/// <summary>
/// One range as a client asks for it: <c>first-last</c>, <c>first-</c> or <c>-suffix</c> (RFC 9110 section 14.1.2). Offsets are bytes;
/// numbers too large for 63 bits saturate.
/// </summary>
internal readonly record struct ByteRangeSpec
{
    private const string Unit = "bytes=";

    private ByteRangeSpec(long? firstByte, long? lastByte, long? suffixBytes)
    {
        FirstByte = firstByte;
        LastByte = lastByte;
        SuffixBytes = suffixBytes;
    }

    /// <summary>First byte; null for a suffix.</summary>
    public long? FirstByte { get; }

    /// <summary>Last byte, included; null for a suffix or an open range.</summary>
    public long? LastByte { get; }

    /// <summary>Bytes from the end; null unless it is a suffix.</summary>
    public long? SuffixBytes { get; }

    /// <summary>
    /// The range of a header value. Null when the header is absent, when it is broken, or when it asks for several ranges: S3 ignores such
    /// headers and answers with the whole object.
    /// </summary>
    public static ByteRangeSpec? Parse(string? headerValue)
    {
        ReadOnlySpan<char> text = headerValue.AsSpan().Trim(" \t");
        if (!text.StartsWith(Unit, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        text = text[Unit.Length..].Trim(" \t");
        int dash = text.IndexOf('-');
        if (dash < 0)
        {
            return null;
        }

        ReadOnlySpan<char> before = text[..dash];
        ReadOnlySpan<char> after = text[(dash + 1)..];
        if (before.IsEmpty)
        {
            return TryParseNumber(after, out long suffix) ? new ByteRangeSpec(null, null, suffix) : null;
        }

        if (!TryParseNumber(before, out long first))
        {
            return null;
        }

        if (after.IsEmpty)
        {
            return new ByteRangeSpec(first, null, null);
        }

        return TryParseNumber(after, out long last) && last >= first ? new ByteRangeSpec(first, last, null) : null;
    }

    /// <summary>The bytes meant of an object of <paramref name="size"/> bytes. An object without bytes satisfies no range.</summary>
    public ByteRangeResolution Resolve(long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        if (SuffixBytes is { } suffix)
        {
            return suffix == 0 || size == 0
                ? ByteRangeResolution.Unsatisfiable
                : ByteRangeResolution.Satisfiable(Math.Max(0, size - suffix), size - 1);
        }

        long first = FirstByte ?? 0;
        return first >= size
            ? ByteRangeResolution.Unsatisfiable
            : ByteRangeResolution.Satisfiable(first, Math.Min(LastByte ?? long.MaxValue, size - 1));
    }

    /// <summary>As a Range header value.</summary>
    public override string ToString() => SuffixBytes is { } suffix ? $"{Unit}-{suffix}" : $"{Unit}{FirstByte ?? 0}-{LastByte}";

    private static bool TryParseNumber(ReadOnlySpan<char> digits, out long number)
    {
        number = 0;
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        if (!long.TryParse(digits, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out number))
        {
            number = long.MaxValue;
        }

        return true;
    }
}
