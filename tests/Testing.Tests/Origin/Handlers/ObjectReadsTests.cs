using System.Net;
using System.Xml.Linq;
using S3Proxy.Testing.Origin;

namespace S3Proxy.Testing.Tests.Origin.Handlers;

public sealed class ObjectReadsTests : IAsyncLifetime
{
    private const string Md5OfDigits = "\"781e5e245d69b566979b86e28d23f2c7\"";
    private static readonly byte[] Digits = "0123456789"u8.ToArray();

    private readonly ManualTimeProvider _clock = new();
    private TestOrigin _test = null!;

    public async Task InitializeAsync()
    {
        _test = await TestOrigin.StartAsync(new EmbeddedOriginOptions { TimeProvider = _clock });
        _test.Origin.PutObject(TestOrigin.Bucket, "digits", Digits, new Dictionary<string, string>
        {
            ["Content-Type"] = "text/plain",
            ["Cache-Control"] = "max-age=60",
            ["Content-Encoding"] = "gzip",
            ["Content-Language"] = "de",
            ["Content-Disposition"] = "attachment; filename=\"ä.txt\"",
            ["Expires"] = "Wed, 21 Oct 2026 07:28:00 GMT",
            ["x-amz-meta-Colour"] = "blau",
            ["x-amz-storage-class"] = "STANDARD_IA",
            ["x-amz-checksum-crc32"] = "pzoo9g==",
            ["X-Not-Kept"] = "x",
        });
        _test.Origin.PutObject(TestOrigin.Bucket, "empty", []);
    }

    public async Task DisposeAsync() => await _test.DisposeAsync();

    [Fact]
    public async Task A_get_returns_bytes_and_every_kept_header()
    {
        using HttpResponseMessage response = await _test.GetAsync("digits");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Digits, await response.Content.ReadAsByteArrayAsync());
        Assert.Equal(Md5OfDigits, TestOrigin.Field(response, "ETag"));
        Assert.Equal("Thu, 01 Jan 2026 00:00:00 GMT", TestOrigin.Field(response, "Last-Modified"));
        Assert.Equal("bytes", TestOrigin.Field(response, "Accept-Ranges"));
        Assert.Equal("10", TestOrigin.Field(response, "Content-Length"));
        Assert.Equal("text/plain", TestOrigin.Field(response, "Content-Type"));
        Assert.Equal("max-age=60", TestOrigin.Field(response, "Cache-Control"));
        Assert.Equal("gzip", TestOrigin.Field(response, "Content-Encoding"));
        Assert.Equal("de", TestOrigin.Field(response, "Content-Language"));
        Assert.StartsWith("attachment", TestOrigin.Field(response, "Content-Disposition"), StringComparison.Ordinal);
        Assert.Equal("Wed, 21 Oct 2026 07:28:00 GMT", TestOrigin.Field(response, "Expires"));
        Assert.Equal("blau", TestOrigin.Field(response, "x-amz-meta-colour"));
        Assert.Equal("STANDARD_IA", TestOrigin.Field(response, "x-amz-storage-class"));
        Assert.Null(TestOrigin.Field(response, "X-Not-Kept"));
        Assert.Null(TestOrigin.Field(response, "x-amz-checksum-crc32"));
    }

    [Fact]
    public async Task A_head_tells_the_same_without_a_body()
    {
        using HttpResponseMessage get = await _test.GetAsync("digits");
        using HttpResponseMessage head = await _test.HeadAsync("digits");

        Assert.Equal(Comparable(get), Comparable(head));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        await _test.Origin.Traffic.WaitForIdleAsync();
        Assert.Equal(Digits.Length, _test.Origin.Traffic.BodyBytesSent);
    }

    [Fact]
    public async Task Request_ids_are_fresh()
    {
        using HttpResponseMessage first = await _test.HeadAsync("digits");
        using HttpResponseMessage second = await _test.HeadAsync("digits");

        Assert.NotNull(TestOrigin.Field(first, "x-amz-request-id"));
        Assert.NotEqual(TestOrigin.Field(first, "x-amz-request-id"), TestOrigin.Field(second, "x-amz-request-id"));
        Assert.Equal(TestOrigin.Field(second, "x-amz-request-id"), _test.Origin.Traffic.Requests[1].RequestId);
    }

    [Theory]
    [InlineData("bytes=0-0", "0", "bytes 0-0/10")]
    [InlineData("bytes=2-4", "234", "bytes 2-4/10")]
    [InlineData("bytes=7-", "789", "bytes 7-9/10")]
    [InlineData("bytes=8-99", "89", "bytes 8-9/10")]
    [InlineData("bytes=-3", "789", "bytes 7-9/10")]
    [InlineData("bytes=-99", "0123456789", "bytes 0-9/10")]
    [InlineData("bytes=5-99999999999999999999", "56789", "bytes 5-9/10")]
    public async Task A_single_range_is_partial_content(string range, string body, string contentRange)
    {
        using HttpResponseMessage get = await _test.GetAsync("digits", $"Range: {range}");
        using HttpResponseMessage head = await _test.HeadAsync("digits", $"Range: {range}");

        Assert.Equal(HttpStatusCode.PartialContent, get.StatusCode);
        Assert.Equal(body, await get.Content.ReadAsStringAsync());
        Assert.Equal(contentRange, TestOrigin.Field(get, "Content-Range"));
        Assert.Equal(HttpStatusCode.PartialContent, head.StatusCode);
        Assert.Equal(Comparable(get), Comparable(head));
    }

    [Theory]
    [InlineData("bytes=")]
    [InlineData("bytes=-")]
    [InlineData("bytes=4-2")]
    [InlineData("bytes=a-b")]
    [InlineData("bytes=0-1,3-4")]
    [InlineData("bytes=+1-2")]
    [InlineData("lines=1-2")]
    public async Task What_is_no_single_range_is_ignored(string range)
    {
        using HttpResponseMessage response = await _test.GetAsync("digits", $"Range: {range}");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Digits, await response.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("digits", "bytes=10-", 10)]
    [InlineData("digits", "bytes=10-20", 10)]
    [InlineData("digits", "bytes=-0", 10)]
    [InlineData("empty", "bytes=0-", 0)]
    [InlineData("empty", "bytes=-5", 0)]
    public async Task A_range_beyond_the_end_is_unsatisfiable(string key, string range, int size)
    {
        using HttpResponseMessage response = await _test.GetAsync(key, $"Range: {range}");
        using HttpResponseMessage head = await _test.HeadAsync(key, $"Range: {range}");

        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, response.StatusCode);
        Assert.Equal($"bytes */{size}", TestOrigin.Field(response, "Content-Range"));
        XElement error = await TestOrigin.XmlAsync(response);
        Assert.Equal("InvalidRange", error.Element("Code")?.Value);
        Assert.Equal($"{size}", error.Element("ActualObjectSize")?.Value);
        Assert.Equal(range, error.Element("RangeRequested")?.Value);
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, head.StatusCode);
        Assert.Equal(0, head.Content.Headers.ContentLength);
    }

    [Theory]
    [InlineData(200, "If-Match: TAG")]
    [InlineData(200, "If-Match: *")]
    [InlineData(200, "If-Match: \"other\", TAG")]
    [InlineData(412, "If-Match: \"other\"")]
    [InlineData(412, "If-Match: W/TAG")]
    [InlineData(304, "If-None-Match: TAG")]
    [InlineData(304, "If-None-Match: W/TAG")]
    [InlineData(304, "If-None-Match: *")]
    [InlineData(200, "If-None-Match: \"other\"")]
    [InlineData(304, "If-Modified-Since: NOW")]
    [InlineData(304, "If-Modified-Since: LATER")]
    [InlineData(200, "If-Modified-Since: EARLIER")]
    [InlineData(200, "If-Modified-Since: nonsense")]
    [InlineData(200, "If-Unmodified-Since: NOW")]
    [InlineData(412, "If-Unmodified-Since: EARLIER")]
    [InlineData(200, "If-Match: TAG", "If-Unmodified-Since: EARLIER")]
    [InlineData(412, "If-Match: \"other\"", "If-Unmodified-Since: LATER")]
    [InlineData(200, "If-None-Match: \"other\"", "If-Modified-Since: LATER")]
    [InlineData(304, "If-None-Match: TAG", "If-Modified-Since: EARLIER")]
    [InlineData(412, "If-Match: \"other\"", "If-None-Match: TAG")]
    [InlineData(206, "If-Range: TAG", "Range: bytes=1-2")]
    [InlineData(206, "If-Range: NOW", "Range: bytes=1-2")]
    [InlineData(200, "If-Range: \"other\"", "Range: bytes=1-2")]
    [InlineData(304, "If-None-Match: TAG", "Range: bytes=99-")]
    public async Task Conditions_have_the_precedence_of_s3(int status, params string[] headers)
    {
        string[] sent = [.. headers.Select(header => header
            .Replace("TAG", Md5OfDigits, StringComparison.Ordinal)
            .Replace("NOW", "Thu, 01 Jan 2026 00:00:00 GMT", StringComparison.Ordinal)
            .Replace("LATER", "Thu, 01 Jan 2026 00:00:01 GMT", StringComparison.Ordinal)
            .Replace("EARLIER", "Wed, 31 Dec 2025 23:59:59 GMT", StringComparison.Ordinal))];

        using HttpResponseMessage get = await _test.GetAsync("digits", sent);
        using HttpResponseMessage head = await _test.HeadAsync("digits", sent);

        Assert.Equal(status, (int)get.StatusCode);
        Assert.Equal(status, (int)head.StatusCode);
        if (status == 304)
        {
            Assert.Equal(Md5OfDigits, TestOrigin.Field(get, "ETag"));
            Assert.Equal("Thu, 01 Jan 2026 00:00:00 GMT", TestOrigin.Field(get, "Last-Modified"));
            Assert.Equal("max-age=60", TestOrigin.Field(get, "Cache-Control"));
            Assert.Empty(await get.Content.ReadAsByteArrayAsync());
        }
        else if (status == 412)
        {
            Assert.Equal("PreconditionFailed", await TestOrigin.ErrorCodeAsync(get));
        }
    }

    [Fact]
    public async Task Checksums_come_only_when_asked_for_and_for_the_whole()
    {
        using HttpResponseMessage asked = await _test.GetAsync("digits", "x-amz-checksum-mode: ENABLED");
        using HttpResponseMessage ranged = await _test.GetAsync("digits", "x-amz-checksum-mode: ENABLED", "Range: bytes=0-3");

        Assert.Equal("pzoo9g==", TestOrigin.Field(asked, "x-amz-checksum-crc32"));
        Assert.Null(TestOrigin.Field(ranged, "x-amz-checksum-crc32"));
    }

    [Fact]
    public async Task Response_overrides_replace_headers()
    {
        using HttpResponseMessage response = await _test.GetAsync("digits?response-content-type=image%2Fpng&response-cache-control=no-store");

        Assert.Equal("image/png", TestOrigin.Field(response, "Content-Type"));
        Assert.Equal("no-store", TestOrigin.Field(response, "Cache-Control"));
    }

    [Fact]
    public async Task An_object_without_a_type_is_binary()
    {
        using HttpResponseMessage response = await _test.GetAsync("empty");

        Assert.Equal("binary/octet-stream", TestOrigin.Field(response, "Content-Type"));
        Assert.Equal(0, response.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task A_missing_object_is_an_error_document_with_its_names()
    {
        using HttpResponseMessage get = await _test.GetAsync("no%20such");
        using HttpResponseMessage head = await _test.HeadAsync("no%20such");
        using HttpResponseMessage noBucket = await _test.SendAsync(HttpMethod.Get, "/nowhere/key");

        Assert.Equal(HttpStatusCode.NotFound, get.StatusCode);
        Assert.Equal("application/xml", TestOrigin.Field(get, "Content-Type"));
        XElement error = await TestOrigin.XmlAsync(get);
        Assert.Equal("NoSuchKey", error.Element("Code")?.Value);
        Assert.Equal("no such", error.Element("Key")?.Value);
        Assert.Equal("/bucket/no such", error.Element("Resource")?.Value);
        Assert.Equal(TestOrigin.Field(get, "x-amz-request-id"), error.Element("RequestId")?.Value);
        Assert.Equal(HttpStatusCode.NotFound, head.StatusCode);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        Assert.Equal("NoSuchBucket", await TestOrigin.ErrorCodeAsync(noBucket));
    }

    [Fact]
    public async Task Versions_are_returned_and_can_be_asked_for()
    {
        _test.Origin.CreateBucket("versioned", versioned: true);
        OriginObject old = _test.Origin.PutObject("versioned", "key", "old"u8.ToArray());
        OriginObject current = _test.Origin.PutObject("versioned", "key", "new"u8.ToArray());

        using HttpResponseMessage newest = await _test.SendAsync(HttpMethod.Get, "/versioned/key");
        using HttpResponseMessage oldest = await _test.SendAsync(HttpMethod.Get, $"/versioned/key?versionId={old.VersionId}");
        using HttpResponseMessage unknown = await _test.SendAsync(HttpMethod.Get, "/versioned/key?versionId=never");

        Assert.Equal(current.VersionId, TestOrigin.Field(newest, "x-amz-version-id"));
        Assert.Equal("new", await newest.Content.ReadAsStringAsync());
        Assert.Equal(old.VersionId, TestOrigin.Field(oldest, "x-amz-version-id"));
        Assert.Equal("old", await oldest.Content.ReadAsStringAsync());
        Assert.Equal("NoSuchVersion", await TestOrigin.ErrorCodeAsync(unknown));
    }

    private static IEnumerable<string> Comparable(HttpResponseMessage response) => response.Headers
        .Concat(response.Content.Headers)
        .Where(header => header.Key is not ("x-amz-request-id" or "x-amz-id-2" or "Date"))
        .Select(header => $"{header.Key}={string.Join(',', header.Value)}")
        .Order(StringComparer.Ordinal);
}
