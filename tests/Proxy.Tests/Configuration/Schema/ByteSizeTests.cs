using S3Proxy.Configuration.Schema;

namespace S3Proxy.Tests.Configuration.Schema;

public sealed class ByteSizeTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("4096", 4096)]
    [InlineData("1B", 1)]
    [InlineData("1KiB", 1024)]
    [InlineData("1 MiB", 1 << 20)]
    [InlineData("100GB", 100_000_000_000)]
    [InlineData("2TiB", 2L << 40)]
    [InlineData("9223372036854775807", long.MaxValue)]
    public void Sizes(string text, long bytes)
    {
        Assert.True(ByteSize.TryParse(text, out long parsed));
        Assert.Equal(bytes, parsed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("MiB")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1.5GiB")]
    [InlineData("1mib")]
    [InlineData("1Mi")]
    [InlineData("1MiB ")]
    [InlineData("٣MiB")]
    [InlineData("9223372036854775808")]
    [InlineData("8388608TiB")]
    public void Anything_else_is_refused(string text) => Assert.False(ByteSize.TryParse(text, out _));
}
