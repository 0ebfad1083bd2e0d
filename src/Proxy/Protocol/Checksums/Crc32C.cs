using System.Numerics;
using System.Runtime.InteropServices;

namespace S3Proxy.Protocol.Checksums;

/// <summary>CRC-32C, Castagnoli (RFC 3720, 12.1), with the instruction that processors have for it.</summary>
internal static class Crc32C
{
    /// <summary>State before the first byte.</summary>
    public const uint Start = uint.MaxValue;

    /// <summary>The state after <paramref name="bytes"/> more.</summary>
    public static uint Append(uint state, ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (ulong word in words)
        {
            state = BitOperations.Crc32C(state, word);
        }

        foreach (byte value in bytes[(words.Length * sizeof(ulong))..])
        {
            state = BitOperations.Crc32C(state, value);
        }

        return state;
    }

    /// <summary>The finished check.</summary>
    public static uint Finish(uint state) => ~state;
}
