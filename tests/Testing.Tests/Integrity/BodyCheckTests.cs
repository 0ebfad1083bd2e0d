using S3Proxy.Testing.Integrity;

namespace S3Proxy.Testing.Tests.Integrity;

public sealed class BodyCheckTests
{
    private readonly SyntheticContent _content = new(300_000, 3);

    [Fact]
    public async Task A_right_body_is_exact()
    {
        BodyCheckResult result = await BodyCheck.VerifyAsync(new MemoryStream(Bytes(1000, 250_000)), _content, 1000, 250_000);

        Assert.True(result.IsExact);
        Assert.Equal(250_000, result.BytesSeen);
    }

    [Fact]
    public async Task A_short_body_is_a_prefix_and_not_exact()
    {
        BodyCheckResult result = await BodyCheck.VerifyAsync(new MemoryStream(Bytes(0, 299_999)), _content);

        Assert.True(result.IsPrefix);
        Assert.False(result.IsExact);
    }

    [Fact]
    public async Task A_wrong_byte_is_told_by_its_place_in_the_body()
    {
        byte[] bytes = Bytes(1000, 250_000);
        bytes[200_123] ^= 0x80;

        BodyCheckResult result = await BodyCheck.VerifyAsync(new MemoryStream(bytes), _content, 1000, 250_000);

        Assert.Equal(200_123, result.FirstMismatch);
        Assert.Contains("200123", result.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_surplus_byte_is_wrong_even_if_the_content_goes_on()
    {
        BodyCheckResult result = await BodyCheck.VerifyAsync(new MemoryStream(Bytes(1000, 101)), _content, 1000, 100);

        Assert.Equal(100, result.FirstMismatch);
    }

    [Fact]
    public async Task Plain_bytes_are_compared_too()
    {
        byte[] expected = [1, 2, 3, 4];

        Assert.True((await BodyCheck.VerifyAsync(new MemoryStream([1, 2, 3, 4]), expected)).IsExact);
        Assert.Equal(2, (await BodyCheck.VerifyAsync(new MemoryStream([1, 2, 9, 4]), expected)).FirstMismatch);
        Assert.Equal(4, (await BodyCheck.VerifyAsync(new MemoryStream([1, 2, 3, 4, 5]), expected)).FirstMismatch);
        Assert.False((await BodyCheck.VerifyAsync(new MemoryStream([1, 2]), expected)).IsExact);
        Assert.True((await BodyCheck.VerifyAsync(Stream.Null, ReadOnlyMemory<byte>.Empty)).IsExact);
    }

    private byte[] Bytes(long offset, int count)
    {
        byte[] bytes = new byte[count];
        _content.Fill(offset, bytes);
        return bytes;
    }
}
