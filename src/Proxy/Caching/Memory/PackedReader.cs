using System.Runtime.InteropServices;
using System.Text;
using S3Proxy.Protocol;

namespace S3Proxy.Caching.Memory;

/// <summary>Reads what <see cref="PackedWriter"/> wrote.</summary>
internal ref struct PackedReader(ReadOnlySpan<byte> bytes)
{
    private const int QuotedHexBytes = 16;
    private ReadOnlySpan<byte> _rest = bytes;

    public long Number()
    {
        ulong value = 0;
        int shift = 0;
        byte next;
        do
        {
            next = Byte();
            value |= (ulong)(next & 0x7F) << shift;
            shift += 7;
        }
        while ((next & 0x80) != 0);

        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public string Text() => Text(Byte());

    public void SkipText()
    {
        byte form = Byte();
        if (form < TextForm.Known)
        {
            Payload(form);
        }
    }

    /// <summary>True when the next text is <paramref name="text"/>. Makes no string.</summary>
    public bool TextEquals(string text)
    {
        byte form = Byte();
        if (form >= TextForm.Known)
        {
            return string.Equals(KnownTexts.Text(form), text, StringComparison.Ordinal);
        }

        ReadOnlySpan<byte> payload = Payload(form);
        switch (form)
        {
            case TextForm.Ascii:
                return Ascii.Equals(payload, text);
            case TextForm.Utf16:
                return MemoryMarshal.AsBytes(text.AsSpan()).SequenceEqual(payload);
            default:
                Span<char> quoted = stackalloc char[PackedWriter.QuotedHexLength];
                WriteQuoted(payload, quoted);
                return quoted.SequenceEqual(text);
        }
    }

    /// <summary>The value of a header.</summary>
    public string Value(string etag, DateTimeOffset? modified)
    {
        byte form = Byte();
        return form switch
        {
            TextForm.SameAsTag => etag,
            TextForm.SameAsLastModified => HttpDate.Format(modified!.Value),
            _ => Text(form),
        };
    }

    /// <summary>True when not one value follows but <paramref name="count"/>.</summary>
    public bool TrySeveral(out int count)
    {
        if (_rest[0] != TextForm.Several)
        {
            count = 1;
            return false;
        }

        Byte();
        count = (int)Number();
        return true;
    }

    private static void WriteQuoted(ReadOnlySpan<byte> payload, Span<char> quoted)
    {
        quoted[0] = '"';
        quoted[^1] = '"';
        Convert.TryToHexStringLower(payload, quoted[1..^1], out _);
    }

    private string Text(byte form)
    {
        if (form >= TextForm.Known)
        {
            return KnownTexts.Text(form);
        }

        ReadOnlySpan<byte> payload = Payload(form);
        switch (form)
        {
            case TextForm.Ascii:
                return Encoding.ASCII.GetString(payload);
            case TextForm.Utf16:
                return new string(MemoryMarshal.Cast<byte, char>(payload));
            default:
                Span<char> quoted = stackalloc char[PackedWriter.QuotedHexLength];
                WriteQuoted(payload, quoted);
                return quoted.ToString();
        }
    }

    private ReadOnlySpan<byte> Payload(byte form)
    {
        int count = form switch
        {
            TextForm.Ascii => (int)Number(),
            TextForm.Utf16 => (int)Number() * sizeof(char),
            TextForm.QuotedHex => QuotedHexBytes,
            _ => throw new InvalidOperationException($"There is no form {form} of a text here."),
        };
        ReadOnlySpan<byte> payload = _rest[..count];
        _rest = _rest[count..];
        return payload;
    }

    private byte Byte()
    {
        byte value = _rest[0];
        _rest = _rest[1..];
        return value;
    }
}
