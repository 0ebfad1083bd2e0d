namespace S3Proxy.Caching.Memory;

/// <summary>First byte of a packed text. <see cref="Known"/> and all above it name one of the <see cref="KnownTexts"/>.</summary>
internal static class TextForm
{
    /// <summary>A length, then a byte for each character.</summary>
    public const byte Ascii = 0;

    /// <summary>A length in characters, then two bytes for each, as they lie in memory.</summary>
    public const byte Utf16 = 1;

    /// <summary>16 bytes: 32 lower-case hexadecimal digits in double quotes, as most ETags are.</summary>
    public const byte QuotedHex = 2;

    /// <summary>The ETag again.</summary>
    public const byte SameAsTag = 3;

    /// <summary>The time of the last change as an HTTP date.</summary>
    public const byte SameAsLastModified = 4;

    /// <summary>A number of values follows, then the values.</summary>
    public const byte Several = 5;

    /// <summary>First of the known texts.</summary>
    public const byte Known = 64;
}
