using S3Proxy.Forwarding.Mapping;

namespace S3Proxy.Tests.Forwarding.Mapping;

public class OriginNameScrubberTests
{
    private static readonly KeyMapping Mapping = new(MappedRoutes.Mapped);

    [Theory]
    [InlineData("Access Denied", "Access Denied")]
    [InlineData(
        "User: arn:aws:iam::1:user/x is not authorized to perform: s3:GetObject on resource: \"arn:aws:s3:::prod-models/zq7tenant/a/b\"",
        "User: arn:aws:iam::1:user/x is not authorized to perform: s3:GetObject on resource: \"arn:aws:s3:::models/a/b\"")]
    [InlineData("http://prod-models.s3.amazonaws.com/zq7tenant/a", "http://models.s3.amazonaws.com/a")]
    [InlineData("/prod-models/zq7tenant%2Fa and zq7tenant/", "/models/a and ")]
    [InlineData("zq7tenant/zq7tenant/prod-models", "models")]
    [InlineData("reprod-models prod-modelsx prod-models", "reprod-models prod-modelsx models")]
    public void Names_that_stand_alone_are_replaced(string text, string expected) =>
        Assert.Equal(expected, OriginNameScrubber.Scrub(text, Mapping));
}
