using System.Globalization;
using S3Proxy.Configuration;
using S3Proxy.Protocol.Checksums;
using S3Proxy.Testing.Origin;

namespace S3Proxy.FunctionalTests;

/// <summary>
/// Reads through the proxy, cold and hot, answer as the origin itself does: requirements S2, S3, S4, S5, S9; yatagarasu (lost quotes, lost Content-Encoding).
/// </summary>
public abstract class ReadSemanticsTests : IAsyncLifetime
{
    private const int SizeBytes = 2_500_000;
    private static readonly byte[] Body = MakeBody();
    private TestProxy _proxy = null!;
    private OriginObject _object = null!;

    public static TheoryData<string> Ranges =>
    [
        "bytes=0-0", "bytes=0-", "bytes=5-9", "bytes=1048575-1048576", "bytes=2499999-", "bytes=2499999-2499999", "bytes=2000000-9999999", "bytes=-1", "bytes=-1048577",
        "bytes=-2500000", "bytes=-9999999", "bytes=-0", "bytes=2500000-", "bytes=2500000-2500001", "bytes=99999999999999999999-", "bytes=0-99999999999999999999",
        "bytes=5-4", "bytes=", "bytes=a-b", "bytes=1-2,4-5", "bytes=-", "items=0-1", "bytes 0-1", "bytes=0 - 1", "BYTES=3-4", "bytes=-99999999999999999999",
    ];

    public static TheoryData<string> Conditions =>
    [
        "If-Match: {etag}", "If-Match: \"other\"", "If-Match: *", "If-Match: \"a\", {etag}", "If-Match: W/{etag}", "If-Match: {bare}",
        "If-None-Match: {etag}", "If-None-Match: \"other\"", "If-None-Match: *", "If-None-Match: W/{etag}", "If-None-Match: \"a\", {etag}", "If-None-Match: {bare}",
        "If-Modified-Since: {before}", "If-Modified-Since: {same}", "If-Modified-Since: {after}", "If-Modified-Since: rubbish",
        "If-Unmodified-Since: {before}", "If-Unmodified-Since: {same}", "If-Unmodified-Since: {after}", "If-Unmodified-Since: rubbish",
        "If-Match: {etag}|If-Unmodified-Since: {before}", "If-Match: \"other\"|If-Unmodified-Since: {after}",
        "If-None-Match: {etag}|If-Modified-Since: {before}", "If-None-Match: \"other\"|If-Modified-Since: {after}",
        "If-Match: {etag}|If-None-Match: {etag}", "If-Match: \"other\"|If-None-Match: {etag}",
        "If-Range: {etag}|Range: bytes=5-9", "If-Range: \"other\"|Range: bytes=5-9", "If-Range: W/{etag}|Range: bytes=5-9", "If-Range: {same}|Range: bytes=5-9",
        "If-Range: {before}|Range: bytes=5-9", "If-Range: {etag}|Range: bytes=9999999-", "If-Range: \"other\"|Range: bytes=9999999-",
        "If-None-Match: {etag}|Range: bytes=9999999-", "If-Match: \"other\"|Range: bytes=9999999-", "If-Match: {etag}|Range: bytes=5-9",
        "x-amz-checksum-mode: ENABLED", "x-amz-checksum-mode: enabled|Range: bytes=5-9", "x-amz-checksum-mode: DISABLED",
    ];

    public static TheoryData<string> Queries =>
    [
        "response-content-type=text%2Fplain", "response-content-disposition=attachment%3B%20filename%3D%22a%20b.txt%22&response-cache-control=no-store",
        "response-content-encoding=identity&response-content-language=de&response-expires=Thu%2C%2001%20Dec%201994%2016%3A00%3A00%20GMT",
        "versionId=null", "versionId=nonsense", "partNumber=1", "partNumber=2", "partNumber=x", "x-id=GetObject",
    ];

    /// <summary>The mode of caching and coalescing under which all of it must hold.</summary>
    private protected abstract TestProxyOptions Options { get; }

    public async Task InitializeAsync()
    {
        _proxy = await TestProxy.StartAsync(Options with { Auth = AuthMode.SigV4 });
        _object = _proxy.Origin.PutObject(TestProxy.Bucket, "object", Body, new Dictionary<string, string>
        {
            ["Content-Type"] = "application/x-test; charset=utf-8",
            ["Content-Encoding"] = "gzip",
            ["Content-Language"] = "de, en",
            ["Content-Disposition"] = "attachment; filename=\"ü.bin\"; filename*=UTF-8''%C3%BC.bin".Replace("ü", "u", StringComparison.Ordinal),
            ["Cache-Control"] = "max-age=60, public",
            ["Expires"] = "Thu, 01 Dec 2044 16:00:00 GMT",
            ["x-amz-meta-one"] = "1",
            ["x-amz-meta-two"] = "a, b",
            ["x-amz-storage-class"] = "STANDARD_IA",
            ["x-amz-server-side-encryption"] = "AES256",
            ["x-amz-website-redirect-location"] = "/elsewhere",
            ["x-amz-checksum-crc32"] = Convert.ToBase64String(ReflectedCrc.Crc32.Compute(Body)),
        });
        _proxy.Origin.PutObject(TestProxy.Bucket, "empty", []);
    }

    public async Task DisposeAsync() => await _proxy.DisposeAsync();

    [Theory]
    [MemberData(nameof(Ranges))]
    public Task Ranges_of_an_object(string range) => CompareAsync("object", "", [new("Range", range)]);

    [Theory]
    [MemberData(nameof(Ranges))]
    public Task Ranges_of_an_empty_object(string range) => CompareAsync("empty", "", [new("Range", range)]);

    [Theory]
    [MemberData(nameof(Conditions))]
    public Task Conditional_reads(string conditions) => CompareAsync("object", "", Headers(conditions));

    [Theory]
    [MemberData(nameof(Queries))]
    public Task Reads_with_parameters(string query) => CompareAsync("object", query, []);

    [Theory]
    [InlineData("object")]
    [InlineData("empty")]
    [InlineData("missing")]
    public Task Plain_reads(string key) => CompareAsync(key, "", []);

    [Fact]
    public async Task Every_answer_has_a_request_id_of_its_own()
    {
        HashSet<string> ids = [];
        foreach (string key in (string[])["object", "object", "missing", "missing"])
        {
            using HttpResponseMessage response = await _proxy.Signed.GetAsync(key);
            string id = Assert.Single(response.Headers.GetValues("x-amz-request-id"));
            Assert.True(ids.Add(id), $"request id {id} was given twice");
        }
    }

    /// <summary>Compares GET and HEAD with the origin's: cold, after the other method has filled the cache, and hot.</summary>
    private async Task CompareAsync(string key, string query, KeyValuePair<string, string>[] headers)
    {
        Answer get = await AskAsync(_proxy.Direct, HttpMethod.Get, key, query, headers);
        Answer head = await AskAsync(_proxy.Direct, HttpMethod.Head, key, query, headers);
        string request = $"{key}?{query} {string.Join(" | ", headers.Select(field => $"{field.Key}: {field.Value}"))}";

        AnswerComparison.AssertSame(get, await AskAsync(_proxy.Signed, HttpMethod.Get, key, query, headers), "cold GET " + request);
        AnswerComparison.AssertSame(head, await AskAsync(_proxy.Signed, HttpMethod.Head, key, query, headers), "HEAD after GET " + request);
        AnswerComparison.AssertSame(get, await AskAsync(_proxy.Signed, HttpMethod.Get, key, query, headers), "hot GET " + request);
        _proxy.Memory.Clear();
        AnswerComparison.AssertSame(head, await AskAsync(_proxy.Signed, HttpMethod.Head, key, query, headers), "cold HEAD " + request);
        AnswerComparison.AssertSame(get, await AskAsync(_proxy.Signed, HttpMethod.Get, key, query, headers), "GET after HEAD " + request);
        (await _proxy.Signed.GetAsync(key)).Dispose();
        AnswerComparison.AssertSame(get, await AskAsync(_proxy.Signed, HttpMethod.Get, key, query, headers), "GET after a whole GET " + request);
        AnswerComparison.AssertSame(head, await AskAsync(_proxy.Signed, HttpMethod.Head, key, query, headers), "HEAD after a whole GET " + request);
    }

    private static async Task<Answer> AskAsync(SignedClient client, HttpMethod method, string key, string query, KeyValuePair<string, string>[] headers)
    {
        using HttpResponseMessage response = await client.SendAsync(method, TestProxy.Bucket, key, query, headers);
        return await Answer.OfAsync(response);
    }

    private KeyValuePair<string, string>[] Headers(string conditions) =>
        [.. conditions.Split('|').Select(line => new KeyValuePair<string, string>(line[..line.IndexOf(':', StringComparison.Ordinal)], Fill(line[(line.IndexOf(':', StringComparison.Ordinal) + 2)..])))];

    private string Fill(string value) => value
        .Replace("{etag}", _object.ETag, StringComparison.Ordinal)
        .Replace("{bare}", _object.ETag.Trim('"'), StringComparison.Ordinal)
        .Replace("{before}", Date(-3600), StringComparison.Ordinal)
        .Replace("{same}", Date(0), StringComparison.Ordinal)
        .Replace("{after}", Date(3600), StringComparison.Ordinal);

    private string Date(int offsetSeconds) => _object.LastModified.AddSeconds(offsetSeconds).ToString("R", CultureInfo.InvariantCulture);

    private static byte[] MakeBody()
    {
        byte[] body = new byte[SizeBytes];
        new Testing.Integrity.SyntheticContent(SizeBytes, 42).Fill(0, body);
        return body;
    }
}
