using S3Proxy.Forwarding.Mapping;
using S3Proxy.Protocol;

namespace S3Proxy.Tests.Forwarding.Mapping;

public class CopySourceTests
{
    [Theory]
    [InlineData("models/a/b", "a/b", null)]
    [InlineData("/models/a/b", "a/b", null)]
    [InlineData("models//a", "/a", null)]
    [InlineData("%2Fmodels%2Fa%2Fb", "a/b", null)]
    [InlineData("models/a+b", "a+b", null)]
    [InlineData("models/a%2Bb%20c%3Fd", "a+b c?d", null)]
    [InlineData("models/%E6%97%A5/日", "日/日", null)]
    [InlineData("models/../x", "../x", null)]
    [InlineData("models/a?versionId=3%2FL4", "a", "3/L4")]
    [InlineData("models/a?versionId=null", "a", "null")]
    public void Reads_bucket_key_and_version(string header, string key, string? versionId)
    {
        Assert.True(CopySource.TryParse(header, out CopySource? source, out S3Error? error), error?.Message);
        Assert.Equal("models", source.Bucket.Value);
        Assert.Equal(key, source.Key.Value);
        Assert.Equal(versionId, source.VersionId);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("models")]
    [InlineData("models/")]
    [InlineData("/models/")]
    [InlineData("//models/a")]
    [InlineData("m/a")]
    [InlineData("arn:aws:s3:us-east-1:1:accesspoint/x/object/k")]
    [InlineData("models/a%")]
    [InlineData("models/a%zz")]
    [InlineData("models/%FF")]
    [InlineData("models/what?.txt")]
    [InlineData("models/a?versionId=")]
    [InlineData("models/a?versionId=1&versionId=2")]
    [InlineData("models/a?versionId=%zz")]
    public void Refuses_what_names_no_object_beyond_doubt(string header)
    {
        Assert.False(CopySource.TryParse(header, out _, out S3Error? error));
        Assert.Equal(S3ErrorCode.InvalidArgument, error.Code);
    }

    [Fact]
    public void Refuses_keys_that_are_too_long() =>
        Assert.False(CopySource.TryParse("models/" + new string('k', 1025), out _, out _));
}
