using System.Buffers.Binary;
using System.Text;

namespace S3Proxy.Caching.Redis;

/// <summary>Reads what <see cref="RecordWriter"/> wrote. After the first thing that is not there everything reads as nothing, and <see cref="IsBroken"/> stays true.</summary>
internal ref struct RecordReader(ReadOnlySpan<byte> bytes)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>True when more was asked for than there was, or something that cannot be.</summary>
    public bool IsBroken { get; private set; }

    public readonly int RestBytes => _rest.Length;

    public byte Byte()
    {
        ReadOnlySpan<byte> value = Bytes(1);
        return value.IsEmpty ? (byte)0 : value[0];
    }

    public int Int32()
    {
        ReadOnlySpan<byte> value = Bytes(sizeof(int));
        return value.IsEmpty ? 0 : BinaryPrimitives.ReadInt32LittleEndian(value);
    }

    public long Int64()
    {
        ReadOnlySpan<byte> value = Bytes(sizeof(long));
        return value.IsEmpty ? 0 : BinaryPrimitives.ReadInt64LittleEndian(value);
    }

    public string Text()
    {
        ReadOnlySpan<byte> value = Bytes(Int32());
        try
        {
            return Strict.GetString(value);
        }
        catch (DecoderFallbackException)
        {
            IsBroken = true;
            return "";
        }
    }

    /// <summary>A number of things of which each takes <paramref name="leastBytes"/> at least: never more than can follow.</summary>
    public int Count(int leastBytes)
    {
        int count = Int32();
        if (count < 0 || count > _rest.Length / leastBytes)
        {
            IsBroken = true;
            return 0;
        }

        return count;
    }

    /// <summary>The next <paramref name="count"/> bytes; empty when there are fewer.</summary>
    public ReadOnlySpan<byte> Bytes(int count)
    {
        if (IsBroken || count < 0 || count > _rest.Length)
        {
            IsBroken = true;
            return [];
        }

        ReadOnlySpan<byte> value = _rest[..count];
        _rest = _rest[count..];
        return value;
    }
}
