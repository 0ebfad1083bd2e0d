using System.Net;
using S3Proxy.Configuration;
using S3Proxy.Testing.Origin;

namespace S3Proxy.FunctionalTests;

/// <summary>Requirement S5: docs/reads.md, row by row. Each read is sent twice; what is cached comes to the origin at most once.</summary>
public sealed class ReadTableTests
{
    private const string Cached = "HIT";
    private const string Passed = "BYPASS";

    [Theory]
    [InlineData("GET", "", null, null, 200, Cached)]
    [InlineData("HEAD", "", null, null, 200, Cached)]
    [InlineData("GET", "x-id=GetObject", null, null, 200, Cached)]
    [InlineData("GET", "", "Range", "bytes=3-9", 206, Cached)]
    [InlineData("GET", "", "Range", "bytes=-4", 206, Cached)]
    [InlineData("GET", "", "Range", "bytes=1-2,4-5", 200, Cached)]
    [InlineData("GET", "", "Range", "lines=1-2", 200, Cached)]
    [InlineData("GET", "", "If-None-Match", "\"other\"", 200, Cached)]
    [InlineData("GET", "", "If-Match", "\"other\"", 412, Cached)]
    [InlineData("GET", "", "If-Modified-Since", "Fri, 01 Jan 2100 00:00:00 GMT", 304, Cached)]
    [InlineData("GET", "", "If-Unmodified-Since", "Mon, 01 Jan 2001 00:00:00 GMT", 412, Cached)]
    [InlineData("GET", "", "x-amz-checksum-mode", "ENABLED", 200, Cached)]
    [InlineData("HEAD", "", "x-amz-checksum-mode", "ENABLED", 200, Cached)]
    [InlineData("GET", "response-content-type=text%2Fplain", null, null, 200, Cached)]
    [InlineData("HEAD", "response-content-type=text%2Fplain", null, null, 200, Cached)]
    [InlineData("GET", "versionId=null", null, null, 200, Passed)]
    [InlineData("GET", "partNumber=1", null, null, null, Passed)]
    [InlineData("GET", "", "x-amz-request-payer", "requester", 200, Passed)]
    [InlineData("GET", "", "x-amz-expected-bucket-owner", "111122223333", 200, Passed)]
    [InlineData("GET", "", "x-amz-server-side-encryption-customer-algorithm", "AES256", null, Passed)]
    [InlineData("GET", "", "Origin", "https://app.example", 200, Passed)]
    [InlineData("GET", "unknown=1", null, null, null, Passed)]
    [InlineData("GET", "response-content-type=caf%C3%A9", null, null, null, Passed)]
    public async Task A_read_is_cached_or_passed_as_the_table_says(string method, string query, string? header, string? value, int? status, string outcome)
    {
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions { Auth = AuthMode.SigV4 });
        proxy.Origin.PutObject(TestProxy.Bucket, "object", "0123456789"u8.ToArray());
        Dictionary<string, string> headers = header is null ? [] : new() { [header] = value! };

        for (int time = 1; time <= 2; time++)
        {
            using HttpResponseMessage response = await proxy.Signed.SendAsync(new HttpMethod(method), TestProxy.Bucket, "object", query, headers);

            Assert.Equal(status ?? (int)response.StatusCode, (int)response.StatusCode);
            Assert.Equal(time == 1 && outcome == Cached ? "MISS" : outcome, response.Headers.GetValues("x-cache").Single());
        }

        Assert.Equal(outcome == Cached ? 1 : 2, proxy.Origin.Traffic.RequestCount);
    }

    /// <summary>What one client overrides no other sees; a range has it, an error and a 304 do not.</summary>
    [Fact]
    public async Task Overridden_headers_are_the_own_of_whoever_asks_for_them()
    {
        const string Query = "response-cache-control=no-store&response-content-disposition=attachment%3B%20filename%3D%22a%20b.txt%22&response-content-type=text%2Fplain";
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions { Auth = AuthMode.SigV4 });
        OriginObject stored = proxy.Origin.PutObject(
            TestProxy.Bucket, "object", "0123456789"u8.ToArray(), new Dictionary<string, string> { ["Content-Type"] = "image/png", ["Cache-Control"] = "max-age=9" });

        using HttpResponseMessage overridden = await proxy.Signed.SendAsync(HttpMethod.Get, TestProxy.Bucket, "object", Query);
        using HttpResponseMessage plain = await proxy.Signed.GetAsync("object");
        using HttpResponseMessage ranged = await proxy.Signed.SendAsync(HttpMethod.Get, TestProxy.Bucket, "object", Query, [new("Range", "bytes=1-2")]);
        using HttpResponseMessage unchanged = await proxy.Signed.SendAsync(HttpMethod.Get, TestProxy.Bucket, "object", Query, [new("If-None-Match", stored.ETag)]);

        Assert.Equal(("text/plain", "no-store", "attachment; filename=\"a b.txt\""), HeadersOf(overridden));
        Assert.Equal(("image/png", "max-age=9", null), HeadersOf(plain));
        Assert.Equal(("text/plain", "no-store", "attachment; filename=\"a b.txt\""), HeadersOf(ranged));
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        Assert.Equal("max-age=9", unchanged.Headers.CacheControl?.ToString());
        Assert.Equal(1, proxy.Origin.Traffic.RequestCount);
    }

    private static (string? Type, string? CacheControl, string? Disposition) HeadersOf(HttpResponseMessage response) =>
        (response.Content.Headers.ContentType?.ToString(), response.Headers.CacheControl?.ToString(), response.Content.Headers.ContentDisposition?.ToString());
}
