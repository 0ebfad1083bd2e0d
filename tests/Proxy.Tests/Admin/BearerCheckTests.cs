using Microsoft.Extensions.Primitives;
using S3Proxy.Admin;

namespace S3Proxy.Tests.Admin;

public sealed class BearerCheckTests
{
    private readonly BearerCheck _check = new(new AdminAccess("s3cret"));

    [Theory]
    [InlineData("Bearer s3cret")]
    [InlineData("bearer s3cret")]
    [InlineData("Bearer  s3cret")]
    public void The_token_opens(string authorization) => Assert.True(_check.Allows(authorization));

    [Theory]
    [InlineData("")]
    [InlineData("s3cret")]
    [InlineData("Basic s3cret")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer s3cre")]
    [InlineData("Bearer s3cret2")]
    [InlineData("Bearer S3CRET")]
    public void Nothing_else_does(string authorization) => Assert.False(_check.Allows(authorization));

    [Fact]
    public void No_header_and_two_headers_are_refused()
    {
        Assert.False(_check.Allows(StringValues.Empty));
        Assert.False(_check.Allows(new StringValues(["Bearer s3cret", "Bearer s3cret"])));
    }

    [Fact]
    public void Without_a_token_nothing_is_asked_for() => Assert.True(new BearerCheck(new AdminAccess(token: null)).Allows(StringValues.Empty));
}
