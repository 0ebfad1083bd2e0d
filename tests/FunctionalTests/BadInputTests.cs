using System.Text;
using S3Proxy.Testing.Integrity;

namespace S3Proxy.FunctionalTests;

/// <summary>Requests that no honest client sends get an error and harm nobody; requirements R3, R5.</summary>
public sealed class BadInputTests : IAsyncLifetime
{
    private TestProxy _proxy = null!;
    private SyntheticContent _content = null!;

    public static TheoryData<string, string> Requests => new()
    {
        { "\u0001\u0002\u0003 garbage\r\n\r\n", "400" },
        { "GET\r\n\r\n", "400" },
        { "GET /models/file HTTP/9.9\r\nHost: p\r\n\r\n", "505" },
        { "GET /models/file HTTP/1.1\r\n\r\n", "400" },
        { "GET /models/file HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "400" },
        { "GET models/file HTTP/1.1\r\nHost: p\r\n\r\n", "400" },
        { "GET http://elsewhere/models/file HTTP/1.1\r\nHost: p\r\n\r\n", "400" },
        { "GET /models/%zz HTTP/1.1\r\nHost: p\r\n\r\n", "400" },
        { "GET /models/%ff%fe HTTP/1.1\r\nHost: p\r\n\r\n", "400" },
        { "GET /models/a%00b HTTP/1.1\r\nHost: p\r\n\r\n", "4" },
        { "GET /../../etc/passwd HTTP/1.1\r\nHost: p\r\n\r\n", "400" },
        { "GET /UPPER_case!/file HTTP/1.1\r\nHost: p\r\n\r\n", "400" },
        { "BREW /models/file HTTP/1.1\r\nHost: p\r\n\r\n", "405" },
        { "TRACE /models/file HTTP/1.1\r\nHost: p\r\n\r\n", "405" },
        { "OPTIONS * HTTP/1.1\r\nHost: p\r\n\r\n", "4" },
        { "CONNECT elsewhere:80 HTTP/1.1\r\nHost: elsewhere:80\r\n\r\n", "4" },
        { "GET /models/file?a=%zz HTTP/1.1\r\nHost: p\r\n\r\n", "4" },
        { "PUT /models/file HTTP/1.1\r\nHost: p\r\nContent-Length: -1\r\n\r\n", "400" },
        { "PUT /models/file HTTP/1.1\r\nHost: p\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "4" },
        { "PUT /models/file HTTP/1.1\r\nHost: p\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n", "4" },
        { "POST /models?delete HTTP/1.1\r\nHost: p\r\nContent-Length: 3\r\n\r\n<a>", "4" },
        { "GET /models/file HTTP/1.1\r\nHost: p\r\nAuthorization: AWS4-HMAC-SHA256 Credential=\r\n\r\n", "" },
        { "GET /models/file?X-Amz-Algorithm=AWS4-HMAC-SHA256 HTTP/1.1\r\nHost: p\r\n\r\n", "" },
        { "GET /models/file HTTP/1.1\r\nHost: p\r\nRange: bytes=\u00ff-\u0000\r\n\r\n", "400" },
        { $"GET /models/{new string('a', 70_000)} HTTP/1.1\r\nHost: p\r\n\r\n", "414" },
        { $"GET /models/{new string('a', 5_000)} HTTP/1.1\r\nHost: p\r\n\r\n", "400" },
        { $"GET /models/file HTTP/1.1\r\nHost: p\r\nX-Large: {new string('a', 40_000)}\r\n\r\n", "431" },
        { $"GET /models/file HTTP/1.1\r\nHost: p\r\n{Many("X-Field", 200)}\r\n", "431" },
    };

    public async Task InitializeAsync()
    {
        _proxy = await TestProxy.StartAsync();
        _content = _proxy.Origin.PutSynthetic(TestProxy.Bucket, "file", 100_000, 1);
    }

    public async Task DisposeAsync() => await _proxy.DisposeAsync();

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task A_bad_request_is_answered_and_the_next_one_works(string request, string status)
    {
        using RawConnection connection = await RawConnection.OpenAsync(_proxy.Data);
        await connection.SendAsync(request);
        connection.EndSending();
        string answer = await connection.ReceiveToEndAsync();

        Assert.StartsWith("HTTP/1.1 " + status, answer, StringComparison.Ordinal);
        Assert.DoesNotContain(" 500 ", answer[..Math.Min(20, answer.Length)], StringComparison.Ordinal);
        Assert.DoesNotContain(_proxy.Origin.Endpoint.Authority, answer, StringComparison.Ordinal);
        await Reads.WholeAsync(_proxy, "file", _content);
    }

    /// <summary>Broken and multiple ranges are ignored as S3 does, cold and hot.</summary>
    [Theory]
    [InlineData("bytes=abc")]
    [InlineData("bytes=5-1")]
    [InlineData("bytes=0-1,5-6")]
    [InlineData("bytes=--1")]
    public async Task A_broken_range_means_the_whole_object(string range)
    {
        for (int i = 0; i < 2; i++)
        {
            using HttpRequestMessage message = new(HttpMethod.Get, $"/{TestProxy.Bucket}/file");
            message.Headers.TryAddWithoutValidation("Range", range);
            using HttpResponseMessage response = await _proxy.Client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead);
            await Reads.RestAsync(response, _content);
        }
    }

    /// <summary>Two requests in one packet are two requests, whatever the first one is.</summary>
    [Fact]
    public async Task Pipelined_requests_are_answered_in_order()
    {
        using RawConnection connection = await RawConnection.OpenAsync(_proxy.Data);
        await connection.SendAsync(
            "HEAD /models/file HTTP/1.1\r\nHost: p\r\n\r\nGET /models/none HTTP/1.1\r\nHost: p\r\n\r\nGET /models/file HTTP/1.1\r\nHost: p\r\nRange: bytes=0-0\r\nConnection: close\r\n\r\n");
        string answer = await connection.ReceiveToEndAsync();

        Assert.Equal(["200", "404", "206"], [.. System.Text.RegularExpressions.Regex.Matches(answer, "HTTP/1\\.1 (\\d+)").Select(match => match.Groups[1].Value)]);
    }

    private static string Many(string name, int count)
    {
        StringBuilder headers = new();
        for (int i = 0; i < count; i++)
        {
            headers.Append(System.Globalization.CultureInfo.InvariantCulture, $"{name}-{i}: 1\r\n");
        }

        return headers.ToString();
    }
}
