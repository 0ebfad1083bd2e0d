using System.Globalization;
using System.Text;
using S3Proxy.Configuration;
using S3Proxy.Testing.Fleet;
using S3Proxy.Testing.Integrity;

namespace S3Proxy.FunctionalTests;

/// <summary>Hits that are answered without the server must be what the server would have answered (docs/decisions/0028; requirements C1, S2, S3, S4).</summary>
public sealed class FastPathTests
{
    private const int SmallBytes = 1000;
    private const int MostBytes = 64 * 1024;
    private const string Heads = "\r\n\r\n";

    /// <summary>No fast path answers it.</summary>
    private const string Sentinel = "DELETE /models HTTP/1.1\r\nHost: x\r\n\r\n";
    private const string SentinelAnswer = "HTTP/1.1 403 ";

    /// <summary>Requests of every kind that there is an opinion about, one connection each, to two proxies of which one has no fast path.</summary>
    [Fact]
    public async Task Both_ways_answer_the_same()
    {
        await using TestProxy fast = await TestProxy.StartAsync();
        await using TestProxy slow = await TestProxy.StartAsync(new TestProxyOptions { FastPath = false, SharedOrigin = fast.Origin });
        SyntheticContent small = fast.Origin.PutSynthetic(TestProxy.Bucket, "small", SmallBytes, 1);
        SyntheticContent page = fast.Origin.PutSynthetic(TestProxy.Bucket, "page", MostBytes, 2);
        SyntheticContent large = fast.Origin.PutSynthetic(TestProxy.Bucket, "large", MostBytes + 1, 3);
        SyntheticContent slices = fast.Origin.PutSynthetic(TestProxy.Bucket, "slices", (1 << 20) + 5, 4);
        SyntheticContent empty = fast.Origin.PutSynthetic(TestProxy.Bucket, "empty", 0, 5);
        foreach (TestProxy proxy in new[] { fast, slow })
        {
            foreach ((string key, SyntheticContent content) in new[] { ("small", small), ("page", page), ("large", large), ("slices", slices), ("empty", empty) })
            {
                await Reads.WholeAsync(proxy, key, content);
                await proxy.Origin.Traffic.WaitForIdleAsync();
            }
        }

        int answered = 0;
        foreach ((string request, bool isFast) in Requests(small, page))
        {
            (string head, string body) = await AskAsync(slow, request);
            (string fastHead, string fastBody) = await AskAsync(fast, request);
            Assert.True(head == fastHead && body == fastBody, $"{request}\n--- server\n{head}\n{body.Length} bytes\n--- fast path\n{fastHead}\n{fastBody.Length} bytes");
            answered += isFast ? 1 : 0;
            Assert.True(await IsCountAsync(fast, answered), $"{(isFast ? "The server" : "Not the server")} answered\n{request}");
        }

        Assert.True(answered > 10);
        Assert.Equal((answered, 0), (await CountAsync(fast), await CountAsync(slow)));
    }

    private static IEnumerable<(string Request, bool IsFast)> Requests(SyntheticContent small, SyntheticContent page)
    {
        foreach (string method in new[] { "GET", "HEAD" })
        {
            foreach ((string key, SyntheticContent content) in new[] { ("small", small), ("page", page) })
            {
                foreach (string field in FieldsOf(content))
                {
                    yield return (Head($"{method} /models/{key}", field), true);
                }
            }

            yield return (Head($"{method} /models/empty", ""), true);
            yield return (Head($"{method} /models/sm%61ll", ""), true);
            yield return (Head($"{method} /models/small?x-id=GetObject", ""), true);

            // What the server alone answers: too large, refused, forwarded, or not plainly read.
            yield return (Head($"{method} /models/large", ""), method == "HEAD");
            yield return (Head($"{method} /models/slices", "Range: bytes=0-9"), false);
            foreach (string field in new[]
            {
                "If-Match: \"other\"", "If-Unmodified-Since: Fri, 01 Jan 1999 00:00:00 GMT", "Range: bytes=1000-", "Connection: close", "Expect: 100-continue", "Content-Length: 0", "Range: bytes=0-1\r\nRange: bytes=2-3", "X: \u00e9",
                "Origin: http://x", "x-amz-expected-bucket-owner: 1", "Host: second",
            })
            {
                yield return (Head($"{method} /models/small", field), false);
            }

            yield return (Head($"{method} /models/small?response-content-type=a%0D%0AX:%20y", ""), false);
            yield return (Head($"{method} /models/small?versionId=1", ""), false);
            yield return (Head($"{method} /models/absent", ""), false);
            yield return (Head($"{method} /models", ""), false);
            yield return (Head($"{method} /", ""), false);
            yield return ($"{method} /models/small HTTP/1.0\r\nHost: x\r\n\r\n", false);
            yield return ($"{method} /models/small HTTP/1.1\r\n\r\n", false);
            yield return ($"{method} http://x/models/small HTTP/1.1\r\nHost: x\r\n\r\n", false);
        }

        static string Head(string line, string field) => $"{line} HTTP/1.1\r\nHost: x\r\n{field}{(field.Length > 0 ? "\r\n" : "")}\r\n";
    }

    private static string[] FieldsOf(SyntheticContent content) =>
    [
        "", "Range: bytes=0-9", "Range: bytes=-10", "Range: bytes=990-", "Range: bytes=5-2", "Range: bytes=0-1,5-6", "Range: lines=1-2", "Range: bytes=999-5000", $"If-None-Match: {content.ETag}", "If-None-Match: \"other\"",
        $"If-Match: {content.ETag}", "If-None-Match: *", "If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT", "If-Modified-Since: nonsense", $"If-Range: {content.ETag}\r\nRange: bytes=1-1", "If-Range: \"other\"\r\nRange: bytes=1-1",
        "Accept-Encoding: gzip\r\nAccept: */*\r\nUser-Agent: a b c", "x-amz-checksum-mode: ENABLED", "Connection: keep-alive", "Cache-Control: no-cache\r\nPragma: no-cache", "Cookie: a=b; c=d",
    ];

    /// <summary>Each request is judged by itself, with the keys of its moment, whoever was answered before on the connection.</summary>
    [Fact]
    public async Task Signed_hits_are_answered_at_once_and_refused_as_ever()
    {
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions { Auth = AuthMode.SigV4 });
        SyntheticContent content = proxy.Origin.PutSynthetic(TestProxy.Bucket, "small", SmallBytes, 1);
        using (HttpResponseMessage first = await proxy.Signed.SendAsync(HttpMethod.Get, TestProxy.Bucket, "small"))
        {
            await Reads.RestAsync(first, content);
        }

        await proxy.Origin.Traffic.WaitForIdleAsync();
        using (HttpResponseMessage hit = await proxy.Signed.SendAsync(HttpMethod.Get, TestProxy.Bucket, "small"))
        {
            Assert.Equal("HIT", await Reads.RestAsync(hit, content));
        }

        Assert.True(await IsCountAsync(proxy, 1));
        string signed = PresignedUrl.Create(proxy.Data, "small", TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(5)).PathAndQuery;
        string forged = signed[..^1] + (signed[^1] == '0' ? '1' : '0');
        using RawConnection connection = await RawConnection.OpenAsync(proxy.Data);
        foreach ((string target, string status) in new[] { (signed, "200"), (forged, "403"), (signed, "200"), ("/models/small", "403") })
        {
            (string head, _) = await AskAsync(connection, $"GET {target} HTTP/1.1\r\nHost: {proxy.Data.Authority}\r\n\r\n");
            Assert.StartsWith($"HTTP/1.1 {status} ", head, StringComparison.Ordinal);
        }

        Assert.True(await IsCountAsync(proxy, 3));
    }

    /// <summary>Bodies that look like requests, read and refused, on connections that had hits before: they are nobody's requests.</summary>
    [Theory]
    [InlineData("PUT /models/new HTTP/1.1\r\nHost: x\r\nContent-Length: 45\r\n\r\n")]
    [InlineData("PUT /models/new HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2d\r\n")]
    [InlineData("GET /models/small HTTP/1.1\r\nHost: x\r\nContent-Length: 45\r\n\r\n")]
    public async Task A_body_that_looks_like_a_request_is_none(string head)
    {
        await using TestProxy proxy = await TestProxy.StartAsync();
        SyntheticContent content = proxy.Origin.PutSynthetic(TestProxy.Bucket, "small", SmallBytes, 1);
        await Reads.WholeAsync(proxy, "small", content);
        await proxy.Origin.Traffic.WaitForIdleAsync();
        const string Hit = "GET /models/small HTTP/1.1\r\nHost: x\r\nA: b\r\n\r\n";
        Assert.Equal(45, Hit.Length);
        using RawConnection connection = await RawConnection.OpenAsync(proxy.Data);
        await connection.SendAsync(Hit + head + Hit + (head.Contains("chunked", StringComparison.Ordinal) ? "\r\n0\r\n\r\n" : "") + "GET /models/absent HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        string answers = await connection.ReceiveToEndAsync();
        string[] statuses = [.. answers.Split("HTTP/1.1 ").Skip(1).Select(answer => answer[..3])];

        // The answer to what is refused early may be the last one.
        Assert.True(statuses is ["200", "403" or "200", "404"] or ["200", "403" or "200"], answers);
        Assert.True(await IsCountAsync(proxy, 1));
    }

    /// <summary>Hits and misses on one connection, all sent at once.</summary>
    [Fact]
    public async Task Requests_sent_at_once_are_answered_in_order_whoever_answers()
    {
        await using TestProxy proxy = await TestProxy.StartAsync();
        SyntheticContent[] contents = [.. Enumerable.Range(0, 20).Select(i => proxy.Origin.PutSynthetic(TestProxy.Bucket, $"o{i}", 100 + i, (ulong)i))];
        using RawConnection connection = await RawConnection.OpenAsync(proxy.Data);
        foreach (int round in new[] { 0, 1, 2 })
        {
            int[] order = [.. Enumerable.Range(0, 20), .. Enumerable.Range(0, 20)];
            await connection.SendAsync(string.Concat(order.Select(i => $"GET /models/o{i} HTTP/1.1\r\nHost: x\r\n\r\n")));
            foreach (int i in order)
            {
                (string head, string body) = await ReceiveAsync(connection, hasBody: true);
                Assert.StartsWith("HTTP/1.1 200 ", head, StringComparison.Ordinal);
                Assert.Equal(contents[i].Length, body.Length);
                Assert.Equal(-1, contents[i].FirstMismatch(0, Encoding.Latin1.GetBytes(body)));
            }

            await proxy.Origin.Traffic.WaitForIdleAsync();
        }

        Assert.InRange(await CountAsync(proxy), 79, (40 * 3) - 20);
    }

    /// <summary>What is taken or begun once for a request is taken and begun on the whole way.</summary>
    [Theory]
    [InlineData("address", false)]
    [InlineData("key", false)]
    [InlineData("trail", false)]
    [InlineData("log", true)]
    public async Task What_is_limited_or_followed_takes_the_whole_way(string what, bool isFast)
    {
        LimitConfiguration many = new() { RequestsPerSecond = 1000, Burst = 1000 };
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions
        {
            Limits = new LimitsConfiguration { PerAddress = what == "address" ? many : null, PerKey = what == "key" ? many : null },
            Telemetry = new TelemetryConfiguration { Trail = what == "trail" ? TrailMode.All : TrailMode.Off },
            AccessLog = new AccessLogConfiguration { Format = what == "log" ? AccessLogFormat.Json : AccessLogFormat.Off },
        });
        SyntheticContent content = proxy.Origin.PutSynthetic(TestProxy.Bucket, "small", SmallBytes, 1);
        await Reads.WholeAsync(proxy, "small", content);
        await proxy.Origin.Traffic.WaitForIdleAsync();
        (string head, _) = await AskAsync(proxy, "GET /models/small HTTP/1.1\r\nHost: x\r\nx-s3proxy-explain: 1\r\n\r\n");
        Assert.Contains("x-cache: HIT", head, StringComparison.Ordinal);
        Assert.Equal(what == "trail", head.Contains("x-s3proxy-trail: ", StringComparison.OrdinalIgnoreCase));
        Assert.True(await IsCountAsync(proxy, isFast ? 1 : 0));
    }

    /// <summary>Waits, within a bound, until so many were answered: a client may have its answer before it is counted.</summary>
    private static async Task<bool> IsCountAsync(TestProxy proxy, int expected)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        double count;
        while ((count = await CountAsync(proxy)) < expected && !limit.IsCancellationRequested)
        {
            await Task.Yield();
        }

        return count == expected;
    }

    private static async Task<double> CountAsync(TestProxy proxy)
    {
        using HttpClient admin = new() { BaseAddress = proxy.Admin };
        return MetricSamples.Parse(await admin.GetStringAsync(new Uri("/metrics", UriKind.Relative))).Sum("s3proxy_fast_path_requests_total");
    }

    private static async Task<(string Head, string Body)> AskAsync(TestProxy proxy, string request)
    {
        using RawConnection connection = await RawConnection.OpenAsync(proxy.Data);
        await connection.SendAsync(request + Sentinel);
        (string Head, string Body) answer = await ReceiveAsync(connection, hasBody: !request.StartsWith("HEAD", StringComparison.Ordinal));

        // Nothing stands between this answer and the next, if there is a next.
        string behind = Encoding.Latin1.GetString(await connection.ReceiveAsync(SentinelAnswer.Length));
        Assert.True(behind is SentinelAnswer || behind.Length == 0, $"{request}\nis answered with more than an answer: {behind}");
        return (answer.Head + "\n" + behind, answer.Body);
    }

    private static async Task<(string Head, string Body)> AskAsync(RawConnection connection, string request)
    {
        await connection.SendAsync(request);
        return await ReceiveAsync(connection, hasBody: !request.StartsWith("HEAD", StringComparison.Ordinal));
    }

    /// <summary>An answer: status line and fields in the order of their names, without what differs from one answer to the next; and the body.</summary>
    private static async Task<(string Head, string Body)> ReceiveAsync(RawConnection connection, bool hasBody)
    {
        StringBuilder text = new();
        while (!text.ToString().EndsWith(Heads, StringComparison.Ordinal))
        {
            byte[] next = await connection.ReceiveAsync(1);
            if (next.Length == 0)
            {
                break;
            }

            text.Append(Encoding.Latin1.GetString(next));
        }

        string[] lines = text.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        string? length = lines.FirstOrDefault(line => line.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase));
        int bytes = hasBody && length is not null && !lines[0].Contains(" 304 ", StringComparison.Ordinal) ? int.Parse(length.AsSpan(16), CultureInfo.InvariantCulture) : 0;
        string body = Encoding.Latin1.GetString(await connection.ReceiveAsync(bytes));
        int id = body.IndexOf("<RequestId>", StringComparison.Ordinal);
        return (string.Join('\n', lines.Take(1).Concat(lines.Skip(1).Where(IsLasting).Order(StringComparer.OrdinalIgnoreCase))), id < 0 ? body : body[..id]);
    }

    private static bool IsLasting(string line) => !line.StartsWith("Date:", StringComparison.Ordinal) && !line.StartsWith("x-amz-request-id:", StringComparison.OrdinalIgnoreCase) && !line.StartsWith("x-amz-id-2:", StringComparison.OrdinalIgnoreCase)
        && !line.StartsWith("Cache-Status: s3proxy; hit; ttl=", StringComparison.Ordinal);
}
