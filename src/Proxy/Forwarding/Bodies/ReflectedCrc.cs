namespace S3Proxy.Forwarding.Bodies;

/// <summary>
/// The reflected cyclic redundancy checks S3 offers (S3 User Guide, "Checking object integrity"): all ones at the start and
/// inverted at the end, one table look-up a byte. For bodies of a few MiB; long bodies deserve the processor's instructions.
/// Immutable and thread-safe.
/// </summary>
internal sealed class ReflectedCrc
{
    private readonly ulong[] _table = new ulong[256];
    private readonly ulong _mask;
    private readonly int _sizeBytes;

    private ReflectedCrc(ulong reflectedPolynomial, int sizeBytes)
    {
        _sizeBytes = sizeBytes;
        _mask = ulong.MaxValue >> (64 - (8 * sizeBytes));
        for (uint index = 0; index < _table.Length; index++)
        {
            ulong value = index;
            for (int bit = 0; bit < 8; bit++)
            {
                value = (value & 1) != 0 ? (value >> 1) ^ reflectedPolynomial : value >> 1;
            }

            _table[index] = value;
        }
    }

    /// <summary>CRC-32 of ISO 3309 (zlib).</summary>
    public static ReflectedCrc Crc32 { get; } = new(0xEDB88320, sizeof(uint));

    /// <summary>CRC-32C, Castagnoli (RFC 3720, 12.1).</summary>
    public static ReflectedCrc Crc32C { get; } = new(0x82F63B78, sizeof(uint));

    /// <summary>CRC-64/NVME (NVM Express Base Specification, 64-bit checksum).</summary>
    public static ReflectedCrc Crc64Nvme { get; } = new(0x9A6C9329AC4BC9B5, sizeof(ulong));

    /// <summary>The check of <paramref name="bytes"/>, big-endian as S3's headers carry it.</summary>
    public byte[] Compute(ReadOnlySpan<byte> bytes)
    {
        ulong state = _mask;
        foreach (byte value in bytes)
        {
            state = (state >> 8) ^ _table[(byte)(state ^ value)];
        }

        state ^= _mask;
        byte[] result = new byte[_sizeBytes];
        for (int index = _sizeBytes - 1; index >= 0; index--, state >>= 8)
        {
            result[index] = (byte)state;
        }

        return result;
    }
}
