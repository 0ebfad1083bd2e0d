using S3Proxy.Reloading;

namespace S3Proxy.Admin;

/// <summary>
/// Decides whom the admin port lets in (requirement A5). With a token only its bearer. Without one whoever is on the machine, but no page of another site in a browser on it: requests
/// must name the port by a loopback name or address, and what changes something must come from the port's own page, or from no browser at all.
/// </summary>
/// <remarks>
/// A token needs no more than itself: a browser sends it for no other page. A name that another site owns can be made to mean 127.0.0.1 (DNS rebinding), so
/// the Host is what tells the sites apart; a browser tells of every request that may change something from where it comes, by <c>Origin</c> or <c>Sec-Fetch-Site</c>.
/// </remarks>
internal static class AdminGuard
{
    /// <summary>The answer to a request that may not come in; null for one that may.</summary>
    public static AdminAnswer? Refuse(HttpRequest request, AdminAudience audience, ProxySnapshot snapshot) => audience switch
    {
        AdminAudience.Probes => null,
        AdminAudience.Senders => RefuseSender(request, snapshot),
        _ when snapshot.IsAdminOpen => Forbid(BrowserCheck.ProblemOf(request)),
        AdminAudience.Visitors => null,
        _ when snapshot.Admin.Allows(request.Headers.Authorization) => null,
        _ => AskForToken("The admin port asks for a bearer token: send \"Authorization: Bearer TOKEN\".\n", "Bearer realm=\"s3proxy admin\""),
    };

    private static AdminAnswer? RefuseSender(HttpRequest request, ProxySnapshot snapshot)
    {
        if (snapshot.Events.IsOpen && BrowserCheck.IsBrowser(request))
        {
            return Forbid(("Events come from no browser.", "Post them by a program."));
        }

        // SNS sends the password of its URL only to who asks for one.
        return snapshot.Events.Allows(request.Headers.Authorization) ? null : AskForToken(
            "Events need a token: send \"Authorization: Bearer TOKEN\", or the token as password.\n", "Basic realm=\"s3proxy events\", Bearer realm=\"s3proxy events\"");
    }

    private static AdminAnswer? Forbid((string Problem, string Remedy)? found) =>
        found is { } problem ? AdminAnswer.Refusal(StatusCodes.Status403Forbidden, problem.Problem, problem.Remedy) : null;

    private static AdminAnswer AskForToken(string text, string challenge) =>
        AdminAnswer.Text(StatusCodes.Status401Unauthorized, text) with { Headers = [new("WWW-Authenticate", challenge)] };
}
