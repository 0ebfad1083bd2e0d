using System.Buffers;
using System.Text;

namespace S3Proxy.Forwarding.Mapping;

/// <summary>Percent-encoding of keys in list documents, on bytes: not every server holds its keys to valid UTF-8. What clients send goes through <see cref="Protocol.S3Uri"/>.</summary>
internal static class PercentCoding
{
    private static readonly SearchValues<byte> Literal =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/"u8);

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

    private static bool TryReadEscape(ReadOnlySpan<byte> bytes, int index, out byte value)
    {
        value = bytes[index];
        return value == (byte)'%'
            && index + 2 < bytes.Length
            && Convert.FromHexString(bytes.Slice(index + 1, 2), new Span<byte>(ref value), out _, out _) == OperationStatus.Done;
    }
}
