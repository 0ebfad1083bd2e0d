using System.Text;
using S3Proxy.FastPath;

namespace S3Proxy.Tests.FastPath;

/// <summary>Which heads are read without the server, and how (docs/decisions/0028).</summary>
public sealed class RequestHeadTests
{
    private const string Usual = "GET /b/k%20?x=1 HTTP/1.1\r\nHost: a.b:80\r\nuser-agent:\t me \r\nX-Amz-Meta-New: 1\r\n\r\n";

    private readonly RequestHead _head = new();

    [Fact]
    public void A_usual_head_is_read_whatever_follows_it()
    {
        foreach (string rest in new[] { "", "GET /next", "\r\n", "\0\u00ff" })
        {
            Assert.Equal(HeadVerdict.Plain, Read(Usual + rest, out int bytes));
            Assert.Equal(Usual.Length, bytes);
            Assert.Equal(("GET", "/b/k%20?x=1"), (_head.Method, _head.Target));
            Assert.Equal(["Host=a.b:80", "User-Agent=me", "X-Amz-Meta-New=1"], _head.Fields.Select(field => $"{field.Key}={field.Value}"));
        }
    }

    [Theory]
    [InlineData("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET /a HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: keep-alive\r\n\r\n")]
    [InlineData("GET /a HTTP/1.1\r\nConnection: Keep-Alive\r\nHost: x_y-z\r\nAuthorization: AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=0\r\n\r\n")]
    [InlineData("GET /a?b=c&d=%2F HTTP/1.1\r\nHost: x\r\nRange: bytes=0-1\r\nAccept: */*\r\n\r\n")]
    public void Plain(string text) => Assert.Equal(HeadVerdict.Plain, Read(text, out _));

    /// <summary>Each of these is understood in two ways by somebody, has a body, ends the connection, or is wrong: only the server decides.</summary>
    [Theory]
    [InlineData("PUT /a HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("get /a HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET http://x/a HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET * HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET  /a HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET /a b HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET /a\t HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET /\u00e9 HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET /a%00b HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET /a HTTP/1.0\r\nHost: x\r\n\r\n")]
    [InlineData("GET /a HTTP/1.1 \r\nHost: x\r\n\r\n")]
    [InlineData("GET /a HTTP/2\r\nHost: x\r\n\r\n")]
    [InlineData("GET /a\r\nHost: x\r\n\r\n")]
    [InlineData("\r\nGET /a HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET /a HTTP/1.1\nHost: x\r\n\r\n")]
    [InlineData("GET /a HTTP/1.1\r\nHost: x\n\r\n")]
    [InlineData("GET /a HTTP/1.1\r\nHost: x\r\n\n")]
    [InlineData("GET /a HTTP/1.1\r\nHost: x\ry: z\r\n\r\n")]
    [InlineData("GET /a HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n")]
    [InlineData("GET /a HTTP/1.1\r\nHost: x\r\nA : b\r\n\r\n")]
    [InlineData("GET /a HTTP/1.1\r\nHost: x\r\n: b\r\n\r\n")]
    [InlineData("GET /a HTTP/1.1\r\nHost: x\r\nA\r\n\r\n")]
    [InlineData("GET /a HTTP/1.1\r\nHost: x\r\nA:\r\n\r\n")]
    [InlineData("GET /a HTTP/1.1\r\nHost: x\r\nA: \u00e9\r\n\r\n")]
    [InlineData("GET /a HTTP/1.1\r\nHost: x\r\nA: b\0\r\n\r\n")]
    [InlineData("GET /a HTTP/1.1\r\nHost: x\r\nA: 1\r\na: 2\r\n\r\n")]
    [InlineData("GET /a HTTP/1.1\r\nHost: x\r\nhost: x\r\n\r\n")]
    [InlineData("GET /a HTTP/1.1\r\n\r\n")]
    [InlineData("GET /a HTTP/1.1\r\nHost:\r\n\r\n")]
    [InlineData("GET /a HTTP/1.1\r\nHost: a b\r\n\r\n")]
    [InlineData("GET /a HTTP/1.1\r\nHost: a,b\r\n\r\n")]
    [InlineData("GET /a HTTP/1.1\r\nHost: a:\r\n\r\n")]
    [InlineData("GET /a HTTP/1.1\r\nHost: a:1:2\r\n\r\n")]
    [InlineData("GET /a HTTP/1.1\r\nHost: :1\r\n\r\n")]
    [InlineData("GET /a HTTP/1.1\r\nHost: u@a\r\n\r\n")]
    [InlineData("GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")]
    [InlineData("GET /a HTTP/1.1\r\nHost: x\r\nConnection: keep-alive, upgrade\r\n\r\n")]
    [InlineData("GET /a HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("GET /a HTTP/1.1\r\nHost: x\r\ncontent-length: 5\r\n\r\nhello")]
    [InlineData("GET /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("GET /a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n\r\n")]
    [InlineData("GET /a HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\n\r\n")]
    [InlineData("GET /a HTTP/1.1\r\nHost: x\r\nTE: trailers\r\n\r\n")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
    [InlineData("\u0016\u0003\u0001")]
    public void For_the_server(string text) => Assert.Equal(HeadVerdict.Other, Read(text, out _));

    /// <summary>What has come so far never decides more than it tells, wherever it is cut.</summary>
    [Theory]
    [InlineData(Usual)]
    [InlineData("HEAD /x HTTP/1.1\r\nHost: x\r\nIf-None-Match: \"a\"\r\n\r\n")]
    public void A_beginning_is_incomplete(string text)
    {
        for (int length = 0; length < text.Length; length++)
        {
            Assert.Equal(HeadVerdict.Incomplete, Read(text[..length], out _));
        }

        Assert.Equal(HeadVerdict.Plain, Read(text, out _));
    }

    [Fact]
    public void Long_heads_and_many_fields_are_the_servers()
    {
        string most = $"GET /{new string('a', RequestHead.MostBytes - 27)} HTTP/1.1\r\nHost: x\r\n\r\n";
        Assert.Equal(RequestHead.MostBytes, most.Length);
        Assert.Equal(HeadVerdict.Plain, Read(most, out _));
        Assert.Equal(HeadVerdict.Other, Read(most.Replace("/a", "/aaa", StringComparison.Ordinal), out _));
        Assert.Equal(HeadVerdict.Other, Read("GET /" + new string('a', RequestHead.MostBytes), out _));
        Assert.Equal(HeadVerdict.Plain, Read(WithFields(31), out _));
        Assert.Equal(HeadVerdict.Other, Read(WithFields(32), out _));

        static string WithFields(int count) => $"GET / HTTP/1.1\r\nHost: x\r\n{string.Concat(Enumerable.Range(0, count).Select(i => $"A{i}: b\r\n"))}\r\n";
    }

    /// <summary>Texts are kept from one request to the next: none may show in a request that did not send it.</summary>
    [Fact]
    public void Nothing_is_left_of_the_request_before()
    {
        Random random = new(1);
        string[] names = ["Host", "Range", "x-amz-date", "A", "aa", "User-Agent"];
        for (int i = 0; i < 2000; i++)
        {
            string[] fields = [.. names.OrderBy(_ => random.Next()).Take(random.Next(names.Length)).Where(name => name != "Host").Append("Host").OrderBy(_ => random.Next()).Select(name => $"{name}: {random.Next(3)}")];
            string target = $"/{random.Next(3)}";
            bool isHead = random.Next(2) == 0;
            Assert.Equal(HeadVerdict.Plain, Read($"{(isHead ? "HEAD" : "GET")} {target} HTTP/1.1\r\n{string.Join("\r\n", fields)}\r\n\r\n", out _));
            Assert.Equal((isHead ? "HEAD" : "GET", target), (_head.Method, _head.Target));
            Assert.Equal(fields, _head.Fields.Select(field => $"{field.Key}: {field.Value}"));
        }
    }

    private HeadVerdict Read(string text, out int bytes) => _head.Read(Encoding.Latin1.GetBytes(text), out bytes);
}
