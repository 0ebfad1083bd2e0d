using System.Net;

namespace S3Proxy.Admin;

/// <summary>
/// Tells requests that a page of another site has a browser send from all others, where no token does (WHATWG Fetch, "Origin header"; W3C Fetch Metadata Request Headers).
/// </summary>
internal static class BrowserCheck
{
    /// <summary>The header by which a script of the page, or a program, tells that it means the admin port. Other sites' pages cannot send it without being asked first.</summary>
    public const string OwnHeader = "X-S3Proxy-Admin";

    private const string SiteHeader = "Sec-Fetch-Site";

    /// <summary>What is wrong with a request, and what to do; null for nothing.</summary>
    public static (string Problem, string Remedy)? ProblemOf(HttpRequest request)
    {
        if (!IsLoopback(request.Host))
        {
            return ("Without a token the admin port is asked by a loopback name or address only.", "Use http://127.0.0.1 or http://localhost with its port, or configure listen.adminToken.");
        }

        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        {
            return null;
        }

        if (!IsBrowser(request))
        {
            return null;
        }

        string origin = request.Headers.Origin.ToString();
        string site = request.Headers[SiteHeader].ToString();
        if ((origin.Length > 0 && !IsOwn(origin, request)) || (site.Length > 0 && site is not ("same-origin" or "none")))
        {
            return ("The request comes from a page of another site.", "Use the page of the admin port itself, or a program that is no browser.");
        }

        return request.HasJsonContentType() || request.Headers.ContainsKey(OwnHeader)
            ? null
            : ("A browser's request that changes something needs a mark that no form can set.", $"Send \"Content-Type: application/json\" or the header {OwnHeader}.");
    }

    /// <summary>True for what a browser sends that may change something: each of them tells where it comes from, by one of two headers.</summary>
    public static bool IsBrowser(HttpRequest request) => request.Headers.Origin.ToString().Length > 0 || request.Headers[SiteHeader].ToString().Length > 0;

    /// <summary>An absent Host, which HTTP/1.0 allows, is no browser's.</summary>
    private static bool IsLoopback(HostString host) =>
        !host.HasValue
        || host.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host.Host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Host, out IPAddress? address) && IPAddress.IsLoopback(address));

    private static bool IsOwn(string origin, HttpRequest request) =>
        Uri.TryCreate(origin, UriKind.Absolute, out Uri? uri)
        && string.Equals(uri.Host, request.Host.Host, StringComparison.OrdinalIgnoreCase)
        && uri.Port == (request.Host.Port ?? (request.IsHttps ? 443 : 80));
}
