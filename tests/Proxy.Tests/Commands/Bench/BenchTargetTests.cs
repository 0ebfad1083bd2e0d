using S3Proxy.Commands.Bench;

namespace S3Proxy.Tests.Commands.Bench;

public sealed class BenchTargetTests
{
    private static readonly Uri Endpoint = new("http://127.0.0.1:9000");

    [Theory]
    [InlineData("models/a/b", "http://127.0.0.1:9000/models/a/b")]
    [InlineData("models//a/../b c+ü%", "http://127.0.0.1:9000/models//a/../b%20c%2B%C3%BC%25")]
    [InlineData("http://10.0.0.1:8000/models/a%2Fb//c/../d?x=1", "http://10.0.0.1:8000/models/a%2Fb//c/../d?x=1")]
    public void Addresses_are_sent_as_they_are_written(string text, string uri)
    {
        Assert.True(BenchTarget.TryParse(text, Endpoint, out BenchTarget? target));
        Assert.Equal(uri, target.Uri.OriginalString);
        Assert.False(target.IsPresigned);
    }

    [Theory]
    [InlineData("models")]
    [InlineData("models/")]
    [InlineData("/models/a")]
    [InlineData("M/a")]
    [InlineData("http://")]
    [InlineData("http://user:word@host/a/b")]
    [InlineData("")]
    public void What_is_no_object_is_refused(string text) => Assert.False(BenchTarget.TryParse(text, Endpoint, out _));

    [Fact]
    public void A_presigned_address_is_known()
    {
        Assert.True(BenchTarget.TryParse("http://h/b/k?X-Amz-Algorithm=A&X-Amz-Signature=abc", Endpoint, out BenchTarget? target));
        Assert.True(target.IsPresigned);
    }
}
