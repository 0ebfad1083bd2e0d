using S3Proxy.Testing.Origin;
using S3Proxy.Testing.Origin.Protocol;

namespace S3Proxy.Testing.Tests.Origin.Protocol;

public sealed class RequestTargetTests
{
    [Theory]
    [InlineData("/", null, null)]
    [InlineData("/bucket", "bucket", null)]
    [InlineData("/bucket/", "bucket", null)]
    [InlineData("/bucket/a", "bucket", "a")]
    [InlineData("/bucket//a", "bucket", "/a")]
    [InlineData("/bucket/a//b/", "bucket", "a//b/")]
    [InlineData("/bucket/a/../b", "bucket", "a/../b")]
    [InlineData("/bucket/..", "bucket", "..")]
    [InlineData("/bucket/a%2Fb", "bucket", "a/b")]
    [InlineData("/bucket/a%252Fb", "bucket", "a%2Fb")]
    [InlineData("/bucket/a+b%2Bc", "bucket", "a+b+c")]
    [InlineData("/bucket/%C3%BC%F0%9F%98%80", "bucket", "ü😀")]
    [InlineData("/bucket/a?b", "bucket", "a")]
    [InlineData("http://host:1/bucket/a%20b?x", "bucket", "a b")]
    public void The_raw_target_is_decoded_once(string raw, string? bucket, string? key)
    {
        Assert.Null(RequestTarget.Parse(raw, "host", null, out RequestTarget target));
        Assert.Equal((bucket, key), (target.Bucket, target.Key));
    }

    [Theory]
    [InlineData("/bucket/%", nameof(OriginErrorCode.InvalidURI))]
    [InlineData("/bucket/%2", nameof(OriginErrorCode.InvalidURI))]
    [InlineData("/bucket/%zz", nameof(OriginErrorCode.InvalidURI))]
    [InlineData("/bucket/%FF", nameof(OriginErrorCode.InvalidURI))]
    [InlineData("/bucket/a?x=%z1", nameof(OriginErrorCode.InvalidURI))]
    [InlineData("*", nameof(OriginErrorCode.InvalidURI))]
    [InlineData("//a", nameof(OriginErrorCode.InvalidURI))]
    [InlineData("/a/b", nameof(OriginErrorCode.InvalidBucketName))]
    [InlineData("/buc%2Fket/b", nameof(OriginErrorCode.InvalidBucketName))]
    [InlineData("/-bucket/b", nameof(OriginErrorCode.InvalidBucketName))]
    public void A_bad_target_is_refused(string raw, string code) =>
        Assert.Equal(code, RequestTarget.Parse(raw, "host", null, out _)?.ToString());

    [Fact]
    public void A_key_is_bounded_in_bytes()
    {
        Assert.Null(RequestTarget.Parse("/bucket/" + string.Concat(Enumerable.Repeat("%C3%BC", 512)), "host", null, out _));
        Assert.Equal(
            OriginErrorCode.KeyTooLongError, RequestTarget.Parse("/bucket/" + string.Concat(Enumerable.Repeat("%C3%BC", 513)), "host", null, out _));
    }

    [Theory]
    [InlineData("bucket.s3.test", "/a/b", "bucket", "a/b")]
    [InlineData("bucket.S3.test:8080", "/", "bucket", null)]
    [InlineData("dotted.name.s3.test", "/a", "dotted.name", "a")]
    [InlineData("s3.test", "/bucket/a", "bucket", "a")]
    [InlineData("other.test", "/bucket/a", "bucket", "a")]
    public void A_host_below_the_suffix_names_the_bucket(string host, string raw, string bucket, string? key)
    {
        Assert.Null(RequestTarget.Parse(raw, host, "s3.test", out RequestTarget target));
        Assert.Equal((bucket, key), (target.Bucket, target.Key));
    }

    [Fact]
    public async Task Host_style_works_on_the_wire()
    {
        await using TestOrigin test = await TestOrigin.StartAsync(new EmbeddedOriginOptions { HostSuffix = "s3.test" });
        test.Origin.PutObject(TestOrigin.Bucket, "a//../b", "x"u8.ToArray());

        using HttpResponseMessage response = await test.SendAsync(HttpMethod.Get, "/a//../b", "Host: bucket.s3.test");

        Assert.Equal("x", await response.Content.ReadAsStringAsync());
    }
}
