using S3Proxy.Admin;

namespace S3Proxy.Tests.Admin;

public sealed class AdminAccessTests
{
    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("two words")]
    [InlineData("line\n")]
    [InlineData("schlüssel")]
    public void A_token_that_nobody_could_send_is_refused(string token) => Assert.Throws<ArgumentException>(() => new AdminAccess(token));

    [Fact]
    public void The_token_is_never_printed() => Assert.DoesNotContain("s3cret", new AdminAccess("s3cret").ToString(), StringComparison.Ordinal);
}
