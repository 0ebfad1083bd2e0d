using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace S3Proxy.Forwarding.Mapping;

/// <summary>Percent-encoding of keys in list documents and of the copy source (RFC 3986, 2.1): unreserved characters and the slash stay.</summary>
internal static class PercentCoding
{
    private static readonly SearchValues<byte> Literal =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/"u8);

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static string Encode(string text) => Encode(Encoding.UTF8.GetBytes(text));

    public static string Encode(ReadOnlySpan<byte> utf8)
    {
        const string Hex = "0123456789ABCDEF";
        var result = new StringBuilder(utf8.Length + 16);
        foreach (byte value in utf8)
        {
            if (Literal.Contains(value))
            {
                result.Append((char)value);
            }
            else
            {
                result.Append('%').Append(Hex[value >> 4]).Append(Hex[value & 0xF]);
            }
        }

        return result.ToString();
    }

    /// <summary>
    /// Decodes what an origin encoded for <c>encoding-type=url</c>: servers write a space as <c>+</c> or <c>%20</c>; a percent sign that
    /// starts no escape is kept. The result is bytes because not every server holds its keys to valid UTF-8.
    /// </summary>
    public static byte[] DecodeListed(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        int written = 0;
        for (int index = 0; index < bytes.Length; index++, written++)
        {
            if (TryReadEscape(bytes, index, out byte escaped))
            {
                bytes[written] = escaped;
                index += 2;
            }
            else
            {
                bytes[written] = bytes[index] == (byte)'+' ? (byte)' ' : bytes[index];
            }
        }

        return bytes[..written];
    }

    /// <summary>Strict decoding: false for a percent sign without two hexadecimal digits and for bytes that are not UTF-8. <c>+</c> is a plus.</summary>
    public static bool TryDecode(string text, [NotNullWhen(true)] out string? decoded)
    {
        decoded = null;
        byte[] bytes;
        try
        {
            bytes = StrictUtf8.GetBytes(text);
            int written = 0;
            for (int index = 0; index < bytes.Length; index++, written++)
            {
                bytes[written] = bytes[index];
                if (bytes[index] != (byte)'%')
                {
                    continue;
                }

                if (!TryReadEscape(bytes, index, out bytes[written]))
                {
                    return false;
                }

                index += 2;
            }

            decoded = StrictUtf8.GetString(bytes, 0, written);
            return true;
        }
        catch (ArgumentException)
        {
            // The framework's way to say "not Unicode", for both directions.
            return false;
        }
    }

    private static bool TryReadEscape(ReadOnlySpan<byte> bytes, int index, out byte value)
    {
        value = bytes[index];
        return value == (byte)'%'
            && index + 2 < bytes.Length
            && Convert.FromHexString(bytes.Slice(index + 1, 2), new Span<byte>(ref value), out _, out _) == OperationStatus.Done;
    }
}
