using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using System.Text.Json;
using S3Proxy.Commands.Printing;

namespace S3Proxy.Commands.Asking;

/// <summary>Asks the admin port of a running proxy, and tells what went wrong so that people can act on it. Thread-safe.</summary>
internal sealed class AdminClient : IDisposable
{
    /// <summary>A purge waits for other replicas, as long as their leases last.</summary>
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);

    private const int MaxAnswerBytes = 64 << 20;

    private readonly HttpClient _http;
    private readonly string _place;

    /// <param name="address">The admin port: scheme, host and port.</param>
    /// <param name="token">Its token; null for none.</param>
    /// <param name="time">The clock of limits.</param>
    public AdminClient(Uri address, string? token, TimeProvider time)
    {
        Time = time;
        _place = address.GetLeftPart(UriPartial.Authority);
        // The port is the operator's own: neither a proxy of the network nor a redirect may get to see the token.
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = ConnectLimit })
        {
            BaseAddress = address,
            Timeout = AnswerLimit,
            MaxResponseContentBufferSize = MaxAnswerBytes,
        };
        if (token is not null)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
    }

    /// <summary>The clock to wait by.</summary>
    public TimeProvider Time { get; }

    public void Dispose() => _http.Dispose();

    /// <summary>The JSON document of a path.</summary>
    /// <exception cref="CommandException">There was no answer, or none that helps.</exception>
    public Task<JsonElement> GetAsync(string path, CancellationToken cancellationToken) => AskJsonAsync(HttpMethod.Get, path, null, cancellationToken);

    /// <summary>The JSON answer to a body.</summary>
    /// <exception cref="CommandException">There was no answer, or none that helps.</exception>
    public Task<JsonElement> PostAsync(string path, HttpContent body, CancellationToken cancellationToken) => AskJsonAsync(HttpMethod.Post, path, body, cancellationToken);

    /// <summary>The JSON answer to a DELETE.</summary>
    /// <exception cref="CommandException">There was no answer, or none that helps.</exception>
    public Task<JsonElement> DeleteAsync(string path, CancellationToken cancellationToken) => AskJsonAsync(HttpMethod.Delete, path, null, cancellationToken);

    /// <summary>The text of a path.</summary>
    /// <exception cref="CommandException">There was no answer, or none that helps.</exception>
    public async Task<string> GetTextAsync(string path, CancellationToken cancellationToken) => (await AskAsync(HttpMethod.Get, path, null, cancellationToken)).Text;

    private async Task<JsonElement> AskJsonAsync(HttpMethod method, string path, HttpContent? body, CancellationToken cancellationToken)
    {
        (string text, bool isJson) = await AskAsync(method, path, body, cancellationToken);
        try
        {
            using JsonDocument document = isJson ? JsonDocument.Parse(text) : throw NotTheAdminPort();
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            throw NotTheAdminPort();
        }
    }

    private async Task<(string Text, bool IsJson)> AskAsync(HttpMethod method, string path, HttpContent? body, CancellationToken cancellationToken)
    {
        try
        {
            using HttpRequestMessage request = new(method, path) { Content = body };
            using HttpResponseMessage response = await _http.SendAsync(request, cancellationToken);
            string text = await response.Content.ReadAsStringAsync(cancellationToken);
            string? type = response.Content.Headers.ContentType?.MediaType;
            return response.IsSuccessStatusCode ? (text, type == "application/json") : throw Refusal(response.StatusCode, type, text);
        }
        catch (HttpRequestException failure)
        {
            throw Unreachable(Describe(failure));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Unreachable($"no answer within {Figures.Seconds(AnswerLimit.TotalSeconds)}");
        }
    }

    private CommandException Refusal(HttpStatusCode status, string? type, string text)
    {
        if (type is not ("application/json" or "text/plain") && status != HttpStatusCode.Unauthorized)
        {
            return NotTheAdminPort();
        }

        (string problem, string remedy) = type == "application/json" ? ReadRefusal(text) : (Printable.Of(text.Trim()), "");
        return status switch
        {
            HttpStatusCode.Unauthorized => new CommandException(
                ExitCodes.Denied, _place, "The admin port wants a token, or another one.", $"Give it with --token-file FILE or {ClientOptions.TokenVariable}."),
            HttpStatusCode.Forbidden => new CommandException(ExitCodes.Denied, _place, problem, remedy),
            HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError => new CommandException(ExitCodes.Unreachable, _place, problem, remedy.Length > 0 ? remedy : "Try again later."),
            _ => new CommandException(ExitCodes.BadInput, _place, problem, remedy),
        };
    }

    private static (string Problem, string Remedy) ReadRefusal(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            JsonElement root = document.RootElement;
            return (Printable.Of(root.GetProperty("error").GetString() ?? ""), Printable.Of(root.GetProperty("remedy").GetString() ?? ""));
        }
        catch (Exception other) when (other is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return ("The proxy refuses, and does not say why.", "Look at its log.");
        }
    }

    private CommandException Unreachable(string reason) => new(
        ExitCodes.Unreachable, _place, $"The proxy does not answer: {reason}.", $"See that it runs, and name its admin port with --admin URL or {ClientOptions.AddressVariable}.");

    private CommandException NotTheAdminPort() => new(
        ExitCodes.Unreachable, _place, "What answers there is not the admin port of s3proxy.", $"Name the admin port, which the proxy tells when it starts, with --admin URL or {ClientOptions.AddressVariable}.");

    private static string Describe(HttpRequestException failure) =>
        Printable.Of((failure.InnerException is AuthenticationException inner ? inner.Message : failure.Message).TrimEnd('.'));
}
