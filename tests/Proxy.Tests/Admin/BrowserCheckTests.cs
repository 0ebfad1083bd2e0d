using Microsoft.AspNetCore.Http;
using S3Proxy.Admin;

namespace S3Proxy.Tests.Admin;

/// <summary>Requirement A5: without a token, pages of other sites cannot use the admin port through a browser on the machine.</summary>
public sealed class BrowserCheckTests
{
    [Theory]
    [InlineData("localhost:9001")]
    [InlineData("LOCALHOST")]
    [InlineData("proxy.localhost:9001")]
    [InlineData("127.0.0.1:9001")]
    [InlineData("127.9.9.9")]
    [InlineData("[::1]:9001")]
    [InlineData("")]
    public void Loopback_names_are_let_in(string host) => Assert.Null(BrowserCheck.ProblemOf(Request("GET", host)));

    [Theory]
    [InlineData("evil.example:9001")]
    [InlineData("localhost.evil.example")]
    [InlineData("127.0.0.1.evil.example:9001")]
    [InlineData("10.0.0.1:9001")]
    [InlineData("notlocalhost")]
    public void Names_that_may_be_another_sites_are_not(string host)
    {
        Assert.NotNull(BrowserCheck.ProblemOf(Request("GET", host)));
        Assert.NotNull(BrowserCheck.ProblemOf(Request("POST", host)));
    }

    [Fact]
    public void Programs_need_no_mark() => Assert.Null(BrowserCheck.ProblemOf(Request("POST", "127.0.0.1:9001")));

    [Theory]
    [InlineData("http://evil.example", null)]
    [InlineData("http://127.0.0.1:9002", null)]
    [InlineData("http://localhost:9001", null)]
    [InlineData("null", null)]
    [InlineData("http://127.0.0.1:9001", "cross-site")]
    [InlineData(null, "cross-site")]
    [InlineData(null, "same-site")]
    public void A_page_of_another_site_changes_nothing_whatever_it_sends(string? origin, string? site)
    {
        foreach (string method in new[] { "POST", "DELETE", "PUT" })
        {
            HttpRequest request = Request(method, "127.0.0.1:9001", origin, site);
            request.ContentType = "application/json";
            request.Headers[BrowserCheck.OwnHeader] = "1";
            Assert.NotNull(BrowserCheck.ProblemOf(request));
        }
    }

    [Theory]
    [InlineData("127.0.0.1:9001", "http://127.0.0.1:9001", "same-origin")]
    [InlineData("127.0.0.1:9001", "http://127.0.0.1:9001", null)]
    [InlineData("localhost", "http://localhost", "same-origin")]
    [InlineData("localhost:443", "http://localhost:443", "same-origin")]
    [InlineData("[::1]:9001", "http://[::1]:9001", "same-origin")]
    public void The_ports_own_page_shows_its_mark(string host, string origin, string? site)
    {
        HttpRequest request = Request("POST", host, origin, site);
        Assert.NotNull(BrowserCheck.ProblemOf(request));

        request.ContentType = "application/x-www-form-urlencoded";
        Assert.NotNull(BrowserCheck.ProblemOf(request));

        request.Headers[BrowserCheck.OwnHeader] = "1";
        Assert.Null(BrowserCheck.ProblemOf(request));

        request.Headers.Remove(BrowserCheck.OwnHeader);
        request.ContentType = "application/json; charset=utf-8";
        Assert.Null(BrowserCheck.ProblemOf(request));
    }

    private static HttpRequest Request(string method, string host, string? origin = null, string? site = null)
    {
        HttpRequest request = new DefaultHttpContext().Request;
        request.Method = method;
        request.Scheme = "http";
        request.Host = new HostString(host);
        if (origin is not null)
        {
            request.Headers.Origin = origin;
        }

        if (site is not null)
        {
            request.Headers["Sec-Fetch-Site"] = site;
        }

        return request;
    }
}
