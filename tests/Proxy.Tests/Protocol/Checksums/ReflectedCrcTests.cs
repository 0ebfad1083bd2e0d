using S3Proxy.Protocol.Checksums;

namespace S3Proxy.Tests.Protocol.Checksums;

public class ReflectedCrcTests
{
    /// <summary>The check values of the CRC catalogue for "123456789".</summary>
    [Fact]
    public void Check_values_are_those_of_the_catalogue()
    {
        Assert.Equal("CBF43926", Convert.ToHexString(ReflectedCrc.Crc32.Compute("123456789"u8)));
        Assert.Equal("E3069283", Convert.ToHexString(ReflectedCrc.Crc32C.Compute("123456789"u8)));
        Assert.Equal("AE8B14860A799888", Convert.ToHexString(ReflectedCrc.Crc64Nvme.Compute("123456789"u8)));
    }

    [Fact]
    public void Nothing_has_the_check_zero()
    {
        Assert.Equal("00000000", Convert.ToHexString(ReflectedCrc.Crc32.Compute([])));
        Assert.Equal("0000000000000000", Convert.ToHexString(ReflectedCrc.Crc64Nvme.Compute([])));
    }
}
