using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace S3Proxy.Caching.Redis;

/// <summary>Writes numbers in little-endian order and texts with their length before them. One user.</summary>
internal sealed class RecordWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    public void Byte(byte value) => Bytes([value]);

    public void Bytes(ReadOnlySpan<byte> value) => _bytes.Write(value);

    public void Int32(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.GetSpan(sizeof(int)), value);
        _bytes.Advance(sizeof(int));
    }

    public void Int64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_bytes.GetSpan(sizeof(long)), value);
        _bytes.Advance(sizeof(long));
    }

    /// <summary>The number of bytes, then UTF-8.</summary>
    public void Text(string value)
    {
        Int32(Encoding.UTF8.GetByteCount(value));
        Encoding.UTF8.GetBytes(value, _bytes);
    }

    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();
}
