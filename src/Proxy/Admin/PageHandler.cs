using System.Reflection;

namespace S3Proxy.Admin;

/// <summary>Answers with one of the dashboard's files, which are part of the program (requirement O5). Holds no data; the page asks for that with the token.</summary>
/// <param name="file">Its name, such as <c>dashboard.js</c>.</param>
/// <param name="contentType">Its media type.</param>
internal sealed class PageHandler(string file, string contentType) : IAdminHandler
{
    /// <summary>Nothing but the port's own files and answers: no other host, no script or style in the page itself, no frame around it.</summary>
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'";

    private static readonly string[] Files = ["dashboard.css", "dashboard.js", "actions.js", "api.js", "charts.js", "format.js", "tables.js"];

    private readonly byte[] _body = Read(file);

    /// <summary>The page at <c>/</c>, and the files it loads.</summary>
    public static IEnumerable<AdminRoute> Routes() =>
    [
        RouteOf("/", "dashboard.html", "text/html; charset=utf-8"),
        .. Files.Select(file => RouteOf("/" + file, file, file.EndsWith(".css", StringComparison.Ordinal) ? "text/css; charset=utf-8" : "text/javascript; charset=utf-8")),
    ];

    /// <inheritdoc/>
    public Task<AdminAnswer> AnswerAsync(HttpRequest request, string rest, CancellationToken cancellationToken) => Task.FromResult(
        new AdminAnswer(StatusCodes.Status200OK, _body, contentType)
        {
            Headers =
            [
                new("Content-Security-Policy", Policy),
                new("Referrer-Policy", "no-referrer"),
                new("X-Frame-Options", "DENY"),
                new("Cross-Origin-Opener-Policy", "same-origin"),
            ],
        });

    private static AdminRoute RouteOf(string path, string file, string contentType) =>
        new(path, AdminAudience.Visitors, AdminRoute.Read, new PageHandler(file, contentType));

    private static byte[] Read(string file)
    {
        using Stream resource = Assembly.GetExecutingAssembly().GetManifestResourceStream(file)
            ?? throw new InvalidOperationException($"The program has no resource {file}.");
        using MemoryStream body = new();
        resource.CopyTo(body);
        return body.ToArray();
    }
}
