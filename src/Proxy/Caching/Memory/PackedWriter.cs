using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using S3Proxy.Protocol;

namespace S3Proxy.Caching.Memory;

/// <summary>Writes numbers and texts in few bytes. One user, one record.</summary>
/// <param name="etag">What values are compared with: the ETag often stands among the headers again.</param>
/// <param name="modified">The same for the time of the last change.</param>
internal sealed class PackedWriter(string etag, DateTimeOffset? modified)
{
    /// <summary>Characters of an ETag that is an MD5: 32 digits and two quotes.</summary>
    public const int QuotedHexLength = 34;

    private const int QuotedHexBytes = 16;

    private static readonly SearchValues<char> LowerHex = SearchValues.Create("0123456789abcdef");

    private readonly ArrayBufferWriter<byte> _bytes = new(192);

    /// <summary>Seven bits a byte, the lowest first, the sign in the lowest: what is small takes one byte.</summary>
    public void Number(long value)
    {
        ulong rest = ((ulong)value << 1) ^ (ulong)(value >> 63);
        for (; rest >= 0x80; rest >>= 7)
        {
            Byte((byte)(rest | 0x80));
        }

        Byte((byte)rest);
    }

    /// <summary>The ETag itself.</summary>
    public void Tag() => Text(etag);

    /// <summary>A text of its own.</summary>
    public void Text(string text)
    {
        if (KnownTexts.TryCode(text, out byte code))
        {
            Byte(code);
        }
        else if (IsQuotedHex(text))
        {
            Byte(TextForm.QuotedHex);
            Convert.FromHexString(text.AsSpan(1, text.Length - 2), _bytes.GetSpan(QuotedHexBytes), out _, out _);
            _bytes.Advance(QuotedHexBytes);
        }
        else if (Ascii.IsValid(text))
        {
            Byte(TextForm.Ascii);
            Number(text.Length);
            Ascii.FromUtf16(text, _bytes.GetSpan(Math.Max(1, text.Length)), out int written);
            _bytes.Advance(written);
        }
        else
        {
            Byte(TextForm.Utf16);
            Number(text.Length);
            _bytes.Write(MemoryMarshal.AsBytes(text.AsSpan()));
        }
    }

    /// <summary>The value of a header.</summary>
    public void Value(string text)
    {
        if (string.Equals(text, etag, StringComparison.Ordinal))
        {
            Byte(TextForm.SameAsTag);
        }
        else if (modified is { } date && string.Equals(text, HttpDate.Format(date), StringComparison.Ordinal))
        {
            Byte(TextForm.SameAsLastModified);
        }
        else
        {
            Text(text);
        }
    }

    /// <summary>So many values follow, where otherwise there is one.</summary>
    public void Several(int count)
    {
        Byte(TextForm.Several);
        Number(count);
    }

    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();

    private static bool IsQuotedHex(string text) =>
        text.Length == QuotedHexLength && text[0] == '"' && text[^1] == '"' && !text.AsSpan(1, text.Length - 2).ContainsAnyExcept(LowerHex);

    private void Byte(byte value)
    {
        _bytes.GetSpan(1)[0] = value;
        _bytes.Advance(1);
    }
}
