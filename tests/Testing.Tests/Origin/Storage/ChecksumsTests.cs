using S3Proxy.Testing.Origin.Storage;

namespace S3Proxy.Testing.Tests.Origin.Storage;

public sealed class ChecksumsTests
{
    /// <summary>The check values that the catalogues of CRC parameters and FIPS 180 give, in base64.</summary>
    [Theory]
    [InlineData("crc32", "CBF43926")]
    [InlineData("crc32c", "E3069283")]
    [InlineData("crc64nvme", "AE8B14860A799888")]
    [InlineData("sha1", "F7C3BC1D808E04732ADF679965CCC34CA7AE3441")]
    public void The_check_value_is_right(string algorithm, string hex) =>
        Assert.Equal(Convert.ToBase64String(Convert.FromHexString(hex)), Checksums.Compute(algorithm, "123456789"u8));
}
