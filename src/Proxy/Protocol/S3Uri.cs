using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;

namespace S3Proxy.Protocol;

/// <summary>
/// The one percent-encoder and decoder of the proxy (requirement S8), by the rules of Signature Version 4: <c>A-Z a-z 0-9 - . _ ~</c> stay,
/// every other byte of the UTF-8 form becomes <c>%XX</c> with upper-case digits, and <c>/</c> stays in paths only
/// (S3 API Reference, "Authenticating Requests", UriEncode).
/// </summary>
internal static class S3Uri
{
    private const string UpperHex = "0123456789ABCDEF";
    private const int MaxStackBytes = 512;

    private static readonly SearchValues<char> PathPlain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/");

    private static readonly SearchValues<char> QueryPlain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~");

    private static readonly SearchValues<byte> PathPlainBytes =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/"u8);

    private static readonly SearchValues<byte> QueryPlainBytes =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"u8);

    /// <summary>Encodes a key for a path. Returns the same instance when nothing needs encoding. A lone surrogate becomes U+FFFD.</summary>
    public static string EncodePath(string key) => Encode(key, keepSlash: true);

    /// <summary>As <see cref="EncodePath(string)"/>, for the bytes of a key that need not be UTF-8: not every server holds its keys to that.</summary>
    public static string EncodePath(ReadOnlySpan<byte> utf8)
    {
        byte[] rented = ArrayPool<byte>.Shared.Rent(utf8.Length * 3);
        try
        {
            return Encoding.ASCII.GetString(rented.AsSpan(0, Encode(utf8, rented, keepSlash: true)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>Encodes a name or value of a query, or one path segment. Returns the same instance when nothing needs encoding.</summary>
    public static string EncodeQueryValue(string value) => Encode(value, keepSlash: false);

    /// <summary>
    /// Encodes <paramref name="utf8"/> into <paramref name="destination"/>, which needs three times the room. Returns the bytes written.
    /// </summary>
    public static int Encode(ReadOnlySpan<byte> utf8, Span<byte> destination, bool keepSlash)
    {
        SearchValues<byte> plain = keepSlash ? PathPlainBytes : QueryPlainBytes;
        int written = 0;
        while (!utf8.IsEmpty)
        {
            int run = utf8.IndexOfAnyExcept(plain);
            if (run < 0)
            {
                run = utf8.Length;
            }

            utf8[..run].CopyTo(destination[written..]);
            written += run;
            if (run == utf8.Length)
            {
                break;
            }

            byte value = utf8[run];
            destination[written++] = (byte)'%';
            destination[written++] = (byte)UpperHex[value >> 4];
            destination[written++] = (byte)UpperHex[value & 15];
            utf8 = utf8[(run + 1)..];
        }

        return written;
    }

    /// <summary>
    /// Undoes percent-encoding exactly once. False for a broken escape, for escapes that are not UTF-8, and for a character that may not
    /// stand in a request target unescaped (controls, space, anything outside ASCII: RFC 3986 section 2).
    /// </summary>
    /// <param name="encoded">Text as sent.</param>
    /// <param name="plusIsSpace">True in queries; in paths a plus is a plus.</param>
    /// <param name="decoded">The text meant.</param>
    public static bool TryDecode(ReadOnlySpan<char> encoded, bool plusIsSpace, [NotNullWhen(true)] out string? decoded)
    {
        if (encoded.IsEmpty)
        {
            decoded = "";
            return true;
        }

        byte[]? rented = encoded.Length > MaxStackBytes ? ArrayPool<byte>.Shared.Rent(encoded.Length) : null;
        Span<byte> bytes = rented ?? stackalloc byte[MaxStackBytes];
        try
        {
            decoded = TryDecodeBytes(encoded, plusIsSpace, bytes, out int length) && Utf8.IsValid(bytes[..length])
                ? Encoding.UTF8.GetString(bytes[..length])
                : null;
            return decoded is not null;
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }

    /// <summary>
    /// As <see cref="TryDecode"/>, into bytes that are not checked to be UTF-8. <paramref name="bytes"/> needs as much room as the text.
    /// </summary>
    public static bool TryDecodeBytes(ReadOnlySpan<char> encoded, bool plusIsSpace, Span<byte> bytes, out int length)
    {
        length = 0;
        for (int i = 0; i < encoded.Length; i++)
        {
            char c = encoded[i];
            if (c is <= ' ' or >= '\u007f')
            {
                return false;
            }

            if (c == '%')
            {
                if (i + 2 >= encoded.Length || !char.IsAsciiHexDigit(encoded[i + 1]) || !char.IsAsciiHexDigit(encoded[i + 2]))
                {
                    return false;
                }

                bytes[length++] = (byte)((HexValue(encoded[i + 1]) << 4) | HexValue(encoded[i + 2]));
                i += 2;
            }
            else
            {
                bytes[length++] = c == '+' && plusIsSpace ? (byte)' ' : (byte)c;
            }
        }

        return true;
    }

    /// <summary>
    /// Decodes a key as servers list it for <c>encoding-type=url</c>: some write a space as <c>+</c>, some as <c>%20</c>. Never fails: a percent sign that starts no
    /// escape is kept. The result is bytes because not every server holds its keys to UTF-8. Not for what clients send.
    /// </summary>
    public static byte[] DecodeListed(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        int written = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            byte value = bytes[i];
            if (value == (byte)'%' && i + 2 < bytes.Length && char.IsAsciiHexDigit((char)bytes[i + 1]) && char.IsAsciiHexDigit((char)bytes[i + 2]))
            {
                value = (byte)((HexValue((char)bytes[i + 1]) << 4) | HexValue((char)bytes[i + 2]));
                i += 2;
            }
            else if (value == (byte)'+')
            {
                value = (byte)' ';
            }

            bytes[written++] = value;
        }

        return bytes[..written];
    }

    /// <summary>
    /// True when <paramref name="text"/> holds only characters that encoding leaves alone, so that it is its own canonical form.
    /// </summary>
    public static bool IsPlain(ReadOnlySpan<char> text, bool keepSlash) => !text.ContainsAnyExcept(keepSlash ? PathPlain : QueryPlain);

    private static string Encode(string text, bool keepSlash)
    {
        if (IsPlain(text, keepSlash))
        {
            return text;
        }

        int utf8Bytes = Encoding.UTF8.GetMaxByteCount(text.Length);
        byte[] rented = ArrayPool<byte>.Shared.Rent(utf8Bytes * 4);
        try
        {
            int length = Encoding.UTF8.GetBytes(text, rented);
            Span<byte> encoded = rented.AsSpan(utf8Bytes);
            int written = Encode(rented.AsSpan(0, length), encoded, keepSlash);
            return Encoding.ASCII.GetString(encoded[..written]);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static int HexValue(char c) => c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}
