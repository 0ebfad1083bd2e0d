using S3Proxy.Configuration;
using S3Proxy.Origin.Signing;

namespace S3Proxy.Tests.Origin.Signing;

public class OriginUriTests
{
    [Theory]
    [InlineData("http://127.0.0.1:8000", "bucket", "a//b/../c", "", "http://127.0.0.1:8000/bucket/a//b/../c")]
    [InlineData("http://127.0.0.1:8000", "bucket", "../../x", "", "http://127.0.0.1:8000/bucket/../../x")]
    [InlineData("http://localhost", "bucket", "a%2Fb +é", "versionId=1", "http://localhost/bucket/a%252Fb%20%2B%C3%A9?versionId=1")]
    [InlineData("http://localhost:80", "bucket", "/", "", "http://localhost/bucket//")]
    [InlineData("https://s3.example.com", "bucket", null, "list-type=2&prefix=a%2Fb", "https://s3.example.com/bucket?list-type=2&prefix=a%2Fb")]
    [InlineData("https://s3.example.com", null, null, "", "https://s3.example.com/")]
    [InlineData("http://[::1]:9", "bucket", "k", "", "http://[::1]:9/bucket/k")]
    public void Path_style(string endpoint, string? bucket, string? key, string query, string expected) =>
        Assert.Equal(expected, OriginUri.Build(Origin(AddressingStyle.Path), new Uri(endpoint), bucket, key, query).OriginalString);

    [Theory]
    [InlineData("https://s3.example.com", "my.bucket", "//k/", "", "https://my.bucket.s3.example.com///k/")]
    [InlineData("https://s3.example.com:8443", "bucket", null, "acl=", "https://bucket.s3.example.com:8443/?acl=")]
    [InlineData("https://s3.example.com", null, null, "", "https://s3.example.com/")]
    public void Host_style(string endpoint, string? bucket, string? key, string query, string expected) =>
        Assert.Equal(expected, OriginUri.Build(Origin(AddressingStyle.Host), new Uri(endpoint), bucket, key, query).OriginalString);

    [Theory]
    [InlineData("evil.com/x")]
    [InlineData("a@b.com")]
    [InlineData("..")]
    [InlineData("")]
    public void Names_that_are_no_bucket_are_refused(string bucket) =>
        Assert.Throws<ArgumentException>(() => OriginUri.Build(Origin(AddressingStyle.Host), new Uri("http://localhost"), bucket, "k", ""));

    internal static OriginConfiguration Origin(AddressingStyle addressing) => new()
    {
        Name = "main",
        Endpoints = [new Uri("http://localhost")],
        Region = "us-east-1",
        Addressing = addressing,
        Credentials = new OriginCredentials { Source = OriginCredentialsSource.Anonymous },
    };
}
