using System.Text;
using S3Proxy.Demo.Peers.Client;

namespace S3Proxy.PeersTests.Peers.Client;

public sealed class AnswerHeadTests
{
    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 12\r\nx-cache: HIT", 200, 12, true)]
    [InlineData("HTTP/1.1 206 Partial Content\r\nX-CACHE: MISS\r\ncontent-length:7\r\nETag: \"a\"", 206, 7, false)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked", 200, -1, false)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: many", 200, -1, false)]
    [InlineData("HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 3", 200, 3, false)]
    [InlineData("HTTP/1.1 200 OK\r\nconnection: Close\r\nContent-Length: 3", 200, 3, false, true)]
    [InlineData("nonsense", 0, 0, false)]
    public void It_is_read(string head, int status, long bodyBytes, bool isHit, bool isLast = false) =>
        Assert.Equal(new AnswerHead(status, bodyBytes, isHit, isLast), AnswerHead.Parse(Encoding.ASCII.GetBytes(head)));
}
