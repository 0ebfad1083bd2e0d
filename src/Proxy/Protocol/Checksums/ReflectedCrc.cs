using System.Buffers.Binary;

namespace S3Proxy.Protocol.Checksums;

/// <summary>
/// The reflected cyclic redundancy checks S3 offers (S3 User Guide, "Checking object integrity"): all ones at the start and
/// inverted at the end, eight table look-ups for eight bytes. Immutable and thread-safe.
/// </summary>
internal sealed class ReflectedCrc
{
    private const int Lanes = sizeof(ulong);

    // Lane n holds the effect of a byte that n more bytes follow.
    private readonly ulong[][] _tables = new ulong[Lanes][];
    private readonly ulong _mask;

    private ReflectedCrc(ulong reflectedPolynomial, int sizeBytes)
    {
        SizeBytes = sizeBytes;
        _mask = ulong.MaxValue >> (64 - (8 * sizeBytes));
        for (int lane = 0; lane < Lanes; lane++)
        {
            _tables[lane] = new ulong[256];
            for (uint index = 0; index < 256; index++)
            {
                ulong value = lane == 0 ? index : _tables[lane - 1][index];
                _tables[lane][index] = lane == 0 ? Shift(value, reflectedPolynomial) : (value >> 8) ^ _tables[0][(byte)value];
            }
        }
    }

    /// <summary>CRC-32 of ISO 3309 (zlib).</summary>
    public static ReflectedCrc Crc32 { get; } = new(0xEDB88320, sizeof(uint));

    /// <summary>CRC-32C, Castagnoli (RFC 3720, 12.1).</summary>
    public static ReflectedCrc Crc32C { get; } = new(0x82F63B78, sizeof(uint));

    /// <summary>CRC-64/NVME (NVM Express Base Specification, 64-bit checksum).</summary>
    public static ReflectedCrc Crc64Nvme { get; } = new(0x9A6C9329AC4BC9B5, sizeof(ulong));

    /// <summary>Bytes of a finished check.</summary>
    public int SizeBytes { get; }

    /// <summary>State before the first byte.</summary>
    public ulong Start => _mask;

    /// <summary>The state after <paramref name="bytes"/> more.</summary>
    public ulong Append(ulong state, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= Lanes)
        {
            state ^= BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            state = _tables[7][(byte)state] ^ _tables[6][(byte)(state >> 8)] ^ _tables[5][(byte)(state >> 16)] ^ _tables[4][(byte)(state >> 24)]
                ^ _tables[3][(byte)(state >> 32)] ^ _tables[2][(byte)(state >> 40)] ^ _tables[1][(byte)(state >> 48)] ^ _tables[0][(byte)(state >> 56)];
            bytes = bytes[Lanes..];
        }

        foreach (byte value in bytes)
        {
            state = (state >> 8) ^ _tables[0][(byte)(state ^ value)];
        }

        return state;
    }

    /// <summary>Writes the finished check, big-endian as S3's headers carry it.</summary>
    public void Finish(ulong state, Span<byte> destination)
    {
        state ^= _mask;
        for (int index = SizeBytes - 1; index >= 0; index--, state >>= 8)
        {
            destination[index] = (byte)state;
        }
    }

    /// <summary>The check of <paramref name="bytes"/>, big-endian.</summary>
    public byte[] Compute(ReadOnlySpan<byte> bytes)
    {
        byte[] result = new byte[SizeBytes];
        Finish(Append(Start, bytes), result);
        return result;
    }

    private static ulong Shift(ulong value, ulong reflectedPolynomial)
    {
        for (int bit = 0; bit < 8; bit++)
        {
            value = (value & 1) != 0 ? (value >> 1) ^ reflectedPolynomial : value >> 1;
        }

        return value;
    }
}
