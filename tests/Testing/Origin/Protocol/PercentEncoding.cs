using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace S3Proxy.Testing.Origin.Protocol;

/// <summary>Percent-encoding as SigV4 prescribes it: only <c>A-Z a-z 0-9 - . _ ~</c> stand for themselves (RFC 3986 section 2.3).</summary>
internal static class PercentEncoding
{
    private const string Unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

    private static readonly SearchValues<char> Plain = SearchValues.Create(Unreserved);
    private static readonly SearchValues<char> PlainAndSlash = SearchValues.Create(Unreserved + "/");
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static string Encode(string text, bool keepSlash)
    {
        SearchValues<char> kept = keepSlash ? PlainAndSlash : Plain;
        if (!text.AsSpan().ContainsAnyExcept(kept))
        {
            return text;
        }

        StringBuilder encoded = new(text.Length + 16);
        foreach (byte b in Encoding.UTF8.GetBytes(text))
        {
            if (b < 0x80 && kept.Contains((char)b))
            {
                encoded.Append((char)b);
            }
            else
            {
                encoded.Append('%').Append(Hex(b >> 4)).Append(Hex(b & 0xF));
            }
        }

        return encoded.ToString();
    }

    /// <summary>Decodes once. False for a bad escape or bytes that are not UTF-8.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, bool plusIsSpace, [NotNullWhen(true)] out string? decoded)
    {
        decoded = null;
        byte[] bytes = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        int length = 0;
        for (int i = 0; i < text.Length;)
        {
            if (text[i] == '%')
            {
                if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]))
                {
                    return false;
                }

                bytes[length++] = (byte)(HexValue(text[i + 1]) << 4 | HexValue(text[i + 2]));
                i += 3;
                continue;
            }

            int runLength = text[i..].IndexOf('%') is >= 0 and int next ? next : text.Length - i;
            length += Encoding.UTF8.GetBytes(text.Slice(i, runLength), bytes.AsSpan(length));
            if (plusIsSpace)
            {
                bytes.AsSpan(length - runLength, runLength).Replace((byte)'+', (byte)' ');
            }

            i += runLength;
        }

        try
        {
            decoded = StrictUtf8.GetString(bytes, 0, length);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    private static char Hex(int nibble) => (char)(nibble < 10 ? '0' + nibble : 'A' + nibble - 10);

    private static int HexValue(char c) => char.IsAsciiDigit(c) ? c - '0' : (c | 0x20) - 'a' + 10;
}
