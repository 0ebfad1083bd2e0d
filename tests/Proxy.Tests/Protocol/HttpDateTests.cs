using S3Proxy.Protocol;

namespace S3Proxy.Tests.Protocol;

public class HttpDateTests
{
    [Theory]
    [InlineData("Sun, 06 Nov 1994 08:49:37 GMT")]
    [InlineData("Sunday, 06-Nov-94 08:49:37 GMT")]
    [InlineData("Sun Nov  6 08:49:37 1994")]
    [InlineData(" Sun, 06 Nov 1994 08:49:37 GMT ")]
    public void Understands_the_three_forms(string text)
    {
        Assert.True(HttpDate.TryParse(text, out DateTimeOffset date));
        Assert.Equal(new DateTimeOffset(1994, 11, 6, 8, 49, 37, TimeSpan.Zero), date);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("1994-11-06T08:49:37Z")]
    [InlineData("Sun, 06 Nov 1994 08:49:37")]
    [InlineData("Sun, 32 Nov 1994 08:49:37 GMT")]
    public void Refuses(string? text) => Assert.False(HttpDate.TryParse(text, out _));

    [Fact]
    public void Writes_the_fixed_form() =>
        Assert.Equal("Sun, 06 Nov 1994 08:49:37 GMT", HttpDate.Format(new DateTimeOffset(1994, 11, 6, 9, 49, 37, TimeSpan.FromHours(1))));
}
