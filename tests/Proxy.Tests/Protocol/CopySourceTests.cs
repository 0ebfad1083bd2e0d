using S3Proxy.Protocol;

namespace S3Proxy.Tests.Protocol;

public class CopySourceTests
{
    [Theory]
    [InlineData("bucket/key", "key", null, "/bucket/key")]
    [InlineData("/bucket/a/b", "a/b", null, "/bucket/a/b")]
    [InlineData("/bucket/a%20b%2Bc", "a b+c", null, "/bucket/a%20b%2Bc")]
    [InlineData("bucket/a+b", "a+b", null, "/bucket/a%2Bb")]
    [InlineData("bucket%2Fkey", "key", null, "/bucket/key")]
    [InlineData("bucket//x", "/x", null, "/bucket//x")]
    [InlineData("bucket/key?versionId=v%2F1", "key", "v/1", "/bucket/key?versionId=v%2F1")]
    [InlineData("bucket/é x", "é x", null, "/bucket/%C3%A9%20x")]
    [InlineData("bucket/what%3FversionId=1", "what?versionId=1", null, "/bucket/what%3FversionId%3D1")]
    public void Parses(string header, string key, string? versionId, string canonical)
    {
        Assert.True(CopySource.TryParse(header, out CopySource? source));
        Assert.Equal(("bucket", key, versionId), (source.Bucket.Value, source.Key.Value, source.VersionId));
        Assert.Equal(canonical, source.ToHeaderValue());
    }

    [Theory]
    [InlineData("")]
    [InlineData("bucket")]
    [InlineData("bucket/")]
    [InlineData("/")]
    [InlineData("//bucket/key")]
    [InlineData("bucket/%zz")]
    [InlineData("bucket/key?versionId=")]
    [InlineData("bucket/key?acl")]
    [InlineData("bucket/a?versionId=1?versionId=2%G")]
    [InlineData("arn:aws:s3:us-east-1:1:accesspoint/x/object/key")]
    public void Refuses(string header) => Assert.False(CopySource.TryParse(header, out _));
}
