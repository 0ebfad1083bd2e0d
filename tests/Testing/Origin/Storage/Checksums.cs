using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Security.Cryptography;

namespace S3Proxy.Testing.Origin.Storage;

/// <summary>The checksums S3 accepts with uploads (S3 User Guide, "Checking object integrity"), base64 of the big-endian value.</summary>
internal static class Checksums
{
    public const string HeaderPrefix = "x-amz-checksum-";

    private static readonly uint[] Crc32Table = Crc32TableOf(0xEDB88320);
    private static readonly ulong[] Crc64NvmeTable = Crc64TableOf(0x9A6C9329AC4BC9B5);

    /// <summary>Lower-case names as they stand after <see cref="HeaderPrefix"/>.</summary>
    public static IReadOnlyList<string> Algorithms { get; } = ["crc32", "crc32c", "crc64nvme", "sha1", "sha256"];

    [SuppressMessage("Security", "CA5350", Justification = "S3 offers SHA-1 as a checksum.")]
    public static string Compute(string algorithm, ReadOnlySpan<byte> data) => algorithm switch
    {
        "crc32" => Base64(Crc32(data), sizeof(uint)),
        "crc32c" => Base64(Crc32C(data), sizeof(uint)),
        "crc64nvme" => Base64(Crc64Nvme(data), sizeof(ulong)),
        "sha1" => Convert.ToBase64String(SHA1.HashData(data)),
        "sha256" => Convert.ToBase64String(SHA256.HashData(data)),
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, "Not a checksum of S3."),
    };

    private static uint Crc32(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in data)
        {
            crc = Crc32Table[(byte)crc ^ b] ^ (crc >> 8);
        }

        return ~crc;
    }

    private static uint Crc32C(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in data)
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        return ~crc;
    }

    private static ulong Crc64Nvme(ReadOnlySpan<byte> data)
    {
        ulong crc = ulong.MaxValue;
        foreach (byte b in data)
        {
            crc = Crc64NvmeTable[(byte)crc ^ b] ^ (crc >> 8);
        }

        return ~crc;
    }

    private static string Base64(ulong value, int bytes)
    {
        Span<byte> buffer = stackalloc byte[bytes];
        for (int i = 0; i < bytes; i++)
        {
            buffer[i] = (byte)(value >> (8 * (bytes - 1 - i)));
        }

        return Convert.ToBase64String(buffer);
    }

    private static uint[] Crc32TableOf(uint polynomial)
    {
        uint[] table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            uint crc = i;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ polynomial;
            }

            table[i] = crc;
        }

        return table;
    }

    private static ulong[] Crc64TableOf(ulong polynomial)
    {
        ulong[] table = new ulong[256];
        for (ulong i = 0; i < (ulong)table.Length; i++)
        {
            ulong crc = i;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ polynomial;
            }

            table[i] = crc;
        }

        return table;
    }
}
