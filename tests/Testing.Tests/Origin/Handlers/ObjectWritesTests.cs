using System.Net;
using S3Proxy.Testing.Origin;

namespace S3Proxy.Testing.Tests.Origin.Handlers;

public sealed class ObjectWritesTests : IAsyncLifetime
{
    private static readonly byte[] Body = "123456789"u8.ToArray();

    private TestOrigin _test = null!;

    public async Task InitializeAsync() => _test = await TestOrigin.StartAsync();

    public async Task DisposeAsync() => await _test.DisposeAsync();

    [Fact]
    public async Task A_put_keeps_headers_and_answers_with_the_tag()
    {
        using HttpResponseMessage put = await PutAsync("Content-Type: text/css", "Cache-Control: no-cache", "x-amz-meta-A: b", "x-amz-checksum-crc32: y/Q5Jg==");
        using HttpResponseMessage get = await _test.GetAsync("key", "x-amz-checksum-mode: ENABLED");

        Assert.Equal("\"25f9e794323b453885f5181f1b624d0b\"", TestOrigin.Field(put, "ETag"));
        Assert.Equal(TestOrigin.Field(put, "ETag"), TestOrigin.Field(get, "ETag"));
        Assert.Equal("text/css", TestOrigin.Field(get, "Content-Type"));
        Assert.Equal("no-cache", TestOrigin.Field(get, "Cache-Control"));
        Assert.Equal("b", TestOrigin.Field(get, "x-amz-meta-a"));
        Assert.Equal("y/Q5Jg==", TestOrigin.Field(get, "x-amz-checksum-crc32"));
        Assert.Equal("FULL_OBJECT", TestOrigin.Field(get, "x-amz-checksum-type"));
    }

    [Theory]
    [InlineData("x-amz-content-sha256: UNSIGNED-PAYLOAD", null)]
    [InlineData("x-amz-content-sha256: 15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225", null)]
    [InlineData("x-amz-content-sha256: 05e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225", "XAmzContentSHA256Mismatch")]
    [InlineData("x-amz-content-sha256: nonsense", "InvalidArgument")]
    [InlineData("x-amz-content-sha256: STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "NotImplemented")]
    [InlineData("x-amz-content-sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER", "NotImplemented")]
    [InlineData("Content-Encoding: aws-chunked", "NotImplemented")]
    [InlineData("Content-MD5: JfnnlDI7RTiF9RgfG2JNCw==", null)]
    [InlineData("Content-MD5: AAAAAAAAAAAAAAAAAAAAAA==", "BadDigest")]
    [InlineData("Content-MD5: AAAA", "InvalidDigest")]
    [InlineData("x-amz-checksum-sha256: AAAA", "BadDigest")]
    [InlineData("x-amz-server-side-encryption-customer-key: k", "NotImplemented")]
    [InlineData("x-amz-tagging: a=b", "NotImplemented")]
    public async Task A_body_that_contradicts_its_headers_is_not_stored(string header, string? code)
    {
        using HttpResponseMessage response = await PutAsync(header);

        Assert.Equal(code is null, response.IsSuccessStatusCode);
        Assert.Equal(code is null, _test.Origin.FindObject(TestOrigin.Bucket, "key") is not null);
        if (code is not null)
        {
            Assert.Equal(code, await TestOrigin.ErrorCodeAsync(response));
        }
    }

    [Fact]
    public async Task An_upload_needs_a_length_and_has_a_bound()
    {
        await using TestOrigin small = await TestOrigin.StartAsync(new EmbeddedOriginOptions { MaxUploadBytes = 8 });
        using HttpResponseMessage chunked = await PutAsync("Transfer-Encoding: chunked");
        using HttpResponseMessage large = await small.SendAsync(HttpMethod.Put, "/bucket/key", Body);

        Assert.Equal(HttpStatusCode.LengthRequired, chunked.StatusCode);
        Assert.Equal("EntityTooLarge", await TestOrigin.ErrorCodeAsync(large));
    }

    [Fact]
    public async Task Conditional_writes_hold()
    {
        using HttpResponseMessage first = await PutAsync("If-None-Match: *");
        using HttpResponseMessage second = await PutAsync("If-None-Match: *");
        using HttpResponseMessage matching = await PutAsync("If-Match: \"25f9e794323b453885f5181f1b624d0b\"");
        using HttpResponseMessage mismatching = await PutAsync("If-Match: \"other\"");

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal(HttpStatusCode.PreconditionFailed, second.StatusCode);
        Assert.Equal(HttpStatusCode.OK, matching.StatusCode);
        Assert.Equal(HttpStatusCode.PreconditionFailed, mismatching.StatusCode);
    }

    [Fact]
    public async Task A_copy_takes_bytes_and_headers_unless_told_otherwise()
    {
        _test.Origin.PutObject(TestOrigin.Bucket, "from+ü", Body, new Dictionary<string, string> { ["Content-Type"] = "text/css" });

        using HttpResponseMessage copy = await CopyAsync("to", "x-amz-copy-source: /bucket/from%2B%C3%BC");
        using HttpResponseMessage replaced = await CopyAsync("other", "x-amz-copy-source: bucket/from%2B%C3%BC", "x-amz-metadata-directive: REPLACE", "x-amz-meta-x: y");
        using HttpResponseMessage onItself = await CopyAsync("to", "x-amz-copy-source: bucket/to");
        using HttpResponseMessage condition = await CopyAsync("to", "x-amz-copy-source: bucket/from%2B%C3%BC", "x-amz-copy-source-if-none-match: *");
        using HttpResponseMessage missing = await CopyAsync("to", "x-amz-copy-source: bucket/none");
        using HttpResponseMessage get = await _test.GetAsync("to");
        using HttpResponseMessage getReplaced = await _test.GetAsync("other");

        Assert.Equal("CopyObjectResult", (await TestOrigin.XmlAsync(copy)).Name.LocalName);
        Assert.Equal(Body, await get.Content.ReadAsByteArrayAsync());
        Assert.Equal("text/css", TestOrigin.Field(get, "Content-Type"));
        Assert.Equal("binary/octet-stream", TestOrigin.Field(getReplaced, "Content-Type"));
        Assert.Equal("y", TestOrigin.Field(getReplaced, "x-amz-meta-x"));
        Assert.Equal("InvalidRequest", await TestOrigin.ErrorCodeAsync(onItself));
        Assert.Equal("PreconditionFailed", await TestOrigin.ErrorCodeAsync(condition));
        Assert.Equal("NoSuchKey", await TestOrigin.ErrorCodeAsync(missing));
    }

    [Fact]
    public async Task What_the_origin_does_not_have_is_not_implemented()
    {
        using HttpResponseMessage acl = await _test.GetAsync("key?acl");
        using HttpResponseMessage tagging = await _test.SendAsync(HttpMethod.Put, "/bucket/key?tagging", Body);

        Assert.Equal("NotImplemented", await TestOrigin.ErrorCodeAsync(acl));
        Assert.Equal("NotImplemented", await TestOrigin.ErrorCodeAsync(tagging));
        Assert.Null(_test.Origin.FindObject(TestOrigin.Bucket, "key"));
    }

    private Task<HttpResponseMessage> PutAsync(params string[] headers) => _test.SendAsync(HttpMethod.Put, "/bucket/key", Body, headers);

    private Task<HttpResponseMessage> CopyAsync(string key, params string[] headers) => _test.SendAsync(HttpMethod.Put, $"/bucket/{key}", headers);
}
