using System.Net;
using Microsoft.AspNetCore.Http;
using S3Proxy.Limiting;

namespace S3Proxy.Tests.Limiting;

public sealed class ClientAddressTests
{
    private static readonly IPNetwork[] Trusted = [IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("2001:db8:1::/48")];

    [Theory]
    [InlineData("192.0.2.9", "203.0.113.1", "192.0.2.9")]
    [InlineData("10.0.0.1", "", "10.0.0.1")]
    [InlineData("10.0.0.1", "203.0.113.1", "203.0.113.1")]
    [InlineData("::ffff:10.0.0.1", "203.0.113.1", "203.0.113.1")]
    [InlineData("10.0.0.1", "1.1.1.1, 203.0.113.1", "203.0.113.1")]
    [InlineData("10.0.0.1", "1.1.1.1,203.0.113.1 , 10.2.3.4", "203.0.113.1")]
    [InlineData("10.0.0.1", "10.9.9.9, 10.2.3.4", "10.9.9.9")]
    [InlineData("10.0.0.1", "203.0.113.1:4711", "203.0.113.1")]
    [InlineData("10.0.0.1", "[2001:db8::7]:4711", "2001:db8::7")]
    [InlineData("2001:db8:1::5", "2001:db8::7", "2001:db8::7")]
    [InlineData("10.0.0.1", "203.0.113.1, nonsense", "10.0.0.1")]
    [InlineData("10.0.0.1", "203.0.113.1, unknown, 10.2.3.4", "10.2.3.4")]
    [InlineData("10.0.0.1", "203.0.113.1, 1", "10.0.0.1")]
    [InlineData("10.0.0.1", "203.0.113.1,", "10.0.0.1")]
    [InlineData("10.0.0.1", "[2001:db8::7", "10.0.0.1")]
    public void It_is_the_last_that_no_trusted_proxy_has(string peer, string forwarded, string expected) =>
        Assert.Equal(IPAddress.Parse(expected), ClientAddress.Of(Request(peer, forwarded), Trusted));

    [Fact]
    public void Lines_of_the_header_follow_one_another()
    {
        DefaultHttpContext http = Request("10.0.0.1", "1.1.1.1");
        http.Request.Headers.Append("X-Forwarded-For", "203.0.113.1, 10.2.3.4");
        http.Request.Headers.Append("X-Forwarded-For", "10.2.3.5");
        Assert.Equal(IPAddress.Parse("203.0.113.1"), ClientAddress.Of(http, Trusted));
    }

    [Fact]
    public void Without_trusted_proxies_the_header_means_nothing() =>
        Assert.Equal(IPAddress.Parse("10.0.0.1"), ClientAddress.Of(Request("10.0.0.1", "203.0.113.1"), []));

    [Fact]
    public void It_takes_the_place_of_the_connections()
    {
        DefaultHttpContext http = Request("10.0.0.1", "203.0.113.1");
        ClientAddress.Resolve(http, []);
        Assert.Equal(IPAddress.Parse("10.0.0.1"), http.Connection.RemoteIpAddress);
        ClientAddress.Resolve(http, Trusted);
        Assert.Equal(IPAddress.Parse("203.0.113.1"), http.Connection.RemoteIpAddress);
    }

    [Fact]
    public void A_header_without_end_is_looked_at_within_a_bound() =>
        Assert.Equal(IPAddress.Parse("10.2.3.4"), ClientAddress.Of(Request("10.0.0.1", "203.0.113.1" + string.Concat(Enumerable.Repeat(", 10.2.3.4", 1000))), Trusted));

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("2001:db8::1", "2001:db8::ffff:1:2:3", true)]
    [InlineData("2001:db8::1", "2001:db8:0:1::1", false)]
    public void Who_counts_as_one(string one, string other, bool isOne) =>
        Assert.Equal(isOne, ClientAddress.KeyOf(IPAddress.Parse(one)) == ClientAddress.KeyOf(IPAddress.Parse(other)));

    private static DefaultHttpContext Request(string peer, string forwarded)
    {
        DefaultHttpContext http = new();
        http.Connection.RemoteIpAddress = IPAddress.Parse(peer);
        if (forwarded.Length > 0)
        {
            http.Request.Headers["X-Forwarded-For"] = forwarded;
        }

        return http;
    }
}
