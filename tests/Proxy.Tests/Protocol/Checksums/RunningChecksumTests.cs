using System.Security.Cryptography;
using System.Text;
using S3Proxy.Protocol.Checksums;

namespace S3Proxy.Tests.Protocol.Checksums;

public class RunningChecksumTests
{
    [Theory]
    [InlineData("crc32", "CBF43926")]
    [InlineData("CRC32C", "E3069283")]
    [InlineData("Crc64Nvme", "AE8B14860A799888")]
    [InlineData("sha1", "F7C3BC1D808E04732ADF679965CCC34CA7AE3441")]
    [InlineData("sha256", "15E2B0D3C33891EBB0F1EF609EC419420C20E320CE94C65FBC8C3312448EB225")]
    [InlineData("md5", "25F9E794323B453885F5181F1B624D0B")]
    public void Known_answers(string algorithm, string expected)
    {
        using RunningChecksum checksum = RunningChecksum.Create(algorithm)!;
        checksum.Append(Encoding.ASCII.GetBytes("123456789"));
        Assert.Equal(expected, Convert.ToHexString(checksum.Finish()));
    }

    [Fact]
    public void An_unknown_algorithm_is_none() => Assert.Null(RunningChecksum.Create("xxhash64"));

    /// <summary>Pieces of any size give what the whole gives, by an independent bit-by-bit computation for the CRCs.</summary>
    [Theory]
    [InlineData("crc32")]
    [InlineData("crc32c")]
    [InlineData("crc64nvme")]
    [InlineData("sha256")]
    public void Pieces_give_what_the_whole_gives(string algorithm)
    {
        Random random = new(1);
        for (int round = 0; round < 200; round++)
        {
            byte[] bytes = new byte[random.Next(300)];
            random.NextBytes(bytes);
            using RunningChecksum checksum = RunningChecksum.Create(algorithm)!;
            ReadOnlySpan<byte> rest = bytes;
            while (!rest.IsEmpty)
            {
                int take = random.Next(rest.Length + 1);
                checksum.Append(rest[..take]);
                rest = rest[take..];
            }

            Assert.Equal(Reference(algorithm, bytes), checksum.Finish());
        }
    }

    private static byte[] Reference(string algorithm, byte[] bytes) => algorithm switch
    {
        "crc32" => BitByBit(bytes, 0xEDB88320, 4),
        "crc32c" => BitByBit(bytes, 0x82F63B78, 4),
        "crc64nvme" => BitByBit(bytes, 0x9A6C9329AC4BC9B5, 8),
        _ => SHA256.HashData(bytes),
    };

    private static byte[] BitByBit(byte[] bytes, ulong polynomial, int size)
    {
        ulong mask = size == 8 ? ulong.MaxValue : uint.MaxValue;
        ulong state = mask;
        foreach (byte value in bytes)
        {
            state ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                state = (state & 1) != 0 ? (state >> 1) ^ polynomial : state >> 1;
            }
        }

        byte[] big = BitConverter.GetBytes(state ^ mask)[..size];
        Array.Reverse(big);
        return big;
    }
}
