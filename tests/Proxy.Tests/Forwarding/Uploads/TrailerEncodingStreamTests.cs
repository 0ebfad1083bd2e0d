using S3Proxy.Forwarding.Uploads;
using S3Proxy.Testing.Uploads;

namespace S3Proxy.Tests.Forwarding.Uploads;

/// <summary>Requirement S7: what an origin that takes trailers gets.</summary>
public sealed class TrailerEncodingStreamTests
{
    private static readonly int[] Sizes =
        [1, 15, 16, 255, TrailerEncodingStream.ChunkBytes - 1, TrailerEncodingStream.ChunkBytes, TrailerEncodingStream.ChunkBytes + 1, (2 * TrailerEncodingStream.ChunkBytes) + 5];

    public static TheoryData<int, int> Shapes
    {
        get
        {
            TheoryData<int, int> shapes = [];
            foreach (int size in Sizes)
            {
                shapes.Add(size, 7);
                shapes.Add(size, 64 * 1024);
            }

            return shapes;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task A_body_is_encoded_under_the_length_that_was_foretold(int size, int roomBytes)
    {
        byte[] data = new byte[size];
        new Random(size).NextBytes(data);
        foreach (string algorithm in roomBytes > 7 ? AwsChunkedEncoder.Algorithms : ["crc32"])
        {
            string name = "x-amz-checksum-" + algorithm;
            using TrailerChecksum checksum = TrailerChecksum.TryCreate(name)!;
            byte[] expected = AwsChunkedEncoder.Encode(null, data, TrailerEncodingStream.ChunkBytes, name, AwsChunkedEncoder.Checksum(algorithm, data));
            await using Stream verified = await ChunkedBodies.OpenAsync(
                AwsChunkedEncoder.Encode(null, data, 100_000, name, AwsChunkedEncoder.Checksum(algorithm, data)), new ChunkedDecoder(size, null, checksum));
            await using TrailerEncodingStream encoded = new(verified, size, checksum);
            using MemoryStream result = new();
            await encoded.CopyToAsync(result, roomBytes);

            Assert.Equal(expected.Length, TrailerEncodingStream.EncodedBytes(size, checksum));
            Assert.Equal(expected, result.ToArray());
        }
    }

    [Fact]
    public async Task A_refused_body_has_no_end()
    {
        byte[] data = new byte[1000];
        using TrailerChecksum checksum = TrailerChecksum.TryCreate("x-amz-checksum-crc32")!;
        await using Stream verified = await ChunkedBodies.OpenAsync(
            AwsChunkedEncoder.Encode(null, data, 100, "x-amz-checksum-crc32", "AAAAAA=="), new ChunkedDecoder(data.Length, null, checksum));
        await using TrailerEncodingStream encoded = new(verified, data.Length, checksum);
        using MemoryStream result = new();

        await Assert.ThrowsAsync<UploadRefusedException>(() => encoded.CopyToAsync(result, 16));

        Assert.True(result.Length < data.Length + "3e8\r\n".Length, $"{result.Length} bytes were given");
    }
}
