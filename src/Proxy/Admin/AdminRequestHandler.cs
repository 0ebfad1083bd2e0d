using System.Collections.Frozen;
using Microsoft.Net.Http.Headers;
using S3Proxy.Reloading;

namespace S3Proxy.Admin;

/// <summary>Answers the admin port: finds the route of a path, lets in whom it is for, and writes what its handler answers (docs/admin.md).</summary>
/// <remarks>
/// Thread-safe. A path that is not among the routes is treated as one for operators: who may not come in is refused before it is looked up, so that strangers do
/// not learn what there is.
/// </remarks>
internal sealed class AdminRequestHandler
{
    private readonly CurrentSnapshot _current;
    private readonly FrozenDictionary<string, AdminRoute> _routes;
    private readonly AdminRoute[] _named;
    private readonly AdminRoute? _events;
    private readonly string _nothing;

    /// <param name="current">Tells whom to let in, and where events are posted, at each request.</param>
    /// <param name="routes">Every path there is, in the order in which they are told. That of the one for senders of events stands for <c>events.path</c>.</param>
    public AdminRequestHandler(CurrentSnapshot current, IReadOnlyList<AdminRoute> routes)
    {
        _current = current;
        _events = routes.SingleOrDefault(route => route.Audience == AdminAudience.Senders);
        _routes = routes.Where(route => !route.TakesName && route != _events).ToFrozenDictionary(route => route.Path, StringComparer.Ordinal);
        _named = [.. routes.Where(route => route.TakesName)];
        _nothing = $"There is nothing here. The admin port has {string.Join(", ", routes.Select(route => route.TakesName ? route.Path + "ID" : route.Path))}.\n";
    }

    /// <summary>Answers a request of the admin port.</summary>
    public async Task HandleAsync(HttpContext http)
    {
        string path = http.Request.Path.Value ?? "";
        ProxySnapshot snapshot = _current.Value;
        AdminRoute? route = path == snapshot.Configuration.Events.Path ? _events : Find(path);
        await WriteAsync(http, AdminGuard.Refuse(http.Request, route?.Audience ?? AdminAudience.Operators, snapshot) ?? await AnswerAsync(http, path, route));
    }

    private AdminRoute? Find(string path) => _routes.TryGetValue(path, out AdminRoute? route)
        ? route
        : Array.Find(_named, named => path.Length > named.Path.Length && path.StartsWith(named.Path, StringComparison.Ordinal));

    private Task<AdminAnswer> AnswerAsync(HttpContext http, string path, AdminRoute? route)
    {
        if (route is null)
        {
            return Task.FromResult(AdminAnswer.Text(StatusCodes.Status404NotFound, _nothing));
        }

        if (!route.Takes(http.Request.Method))
        {
            string methods = route.Methods.Replace(", ", " and ", StringComparison.Ordinal);
            return Task.FromResult(AdminAnswer.Text(StatusCodes.Status405MethodNotAllowed, $"This path only takes {methods}.\n") with { Allow = route.Methods });
        }

        return route.Handler.AnswerAsync(http.Request, route.TakesName ? path[route.Path.Length..] : "", http.RequestAborted);
    }

    private static Task WriteAsync(HttpContext http, AdminAnswer answer)
    {
        HttpResponse response = http.Response;
        response.StatusCode = answer.Status;
        response.ContentType = answer.ContentType;
        response.ContentLength = answer.Body.Length;
        response.Headers.CacheControl = CacheControlHeaderValue.NoStoreString;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (answer.Allow is { } allow)
        {
            response.Headers.Allow = allow;
        }

        foreach ((string name, string value) in answer.Headers ?? [])
        {
            response.Headers[name] = value;
        }

        return HttpMethods.IsHead(http.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(answer.Body, http.RequestAborted).AsTask();
    }
}
