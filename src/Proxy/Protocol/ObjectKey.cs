using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace S3Proxy.Protocol;

/// <summary>An object key: 1 to 1,024 bytes of UTF-8 (S3 User Guide, "Naming Amazon S3 objects"). Decoded; compared by ordinal.</summary>
internal readonly record struct ObjectKey
{
    /// <summary>Bound on the UTF-8 form of a key, in bytes.</summary>
    public const int MaxBytes = 1024;

    private ObjectKey(string value) => Value = value;

    public string Value { get; }

    /// <summary>False when <paramref name="text"/> is empty, too long, or not representable in UTF-8.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ObjectKey key)
    {
        key = default;
        if (string.IsNullOrEmpty(text) || text.Length > MaxBytes)
        {
            return false;
        }

        int bytes;
        try
        {
            bytes = StrictUtf8.GetByteCount(text);
        }
        catch (EncoderFallbackException)
        {
            return false;
        }

        if (bytes > MaxBytes)
        {
            return false;
        }

        key = new ObjectKey(text);
        return true;
    }

    public override string ToString() => Value;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
}
