using System.Text;
using S3Proxy.Testing.Ceph;

namespace S3Proxy.ConformanceTests.Differential;

/// <summary>One of the two ways to the server: straight, or through the proxy. Sends calls byte for byte as they are written.</summary>
/// <param name="endpoint">Where to.</param>
/// <param name="accessKeyId">Who signs.</param>
/// <param name="secretAccessKey">With what.</param>
/// <param name="closesConnections">
/// True for a connection a call. The gateway needs it: it sends bodies with some errors to HEAD, which would be taken for the beginning of the next answer.
/// </param>
internal sealed class S3Side(Uri endpoint, string accessKeyId, string secretAccessKey, bool closesConnections = false) : IDisposable
{
    private static readonly UriCreationOptions Verbatim = new() { DangerousDisablePathAndQueryCanonicalization = true };
    private readonly CallSigner _signer = new(accessKeyId, secretAccessKey);
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
        ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
    })
    {
        Timeout = TimeSpan.FromMinutes(1),
    };

    public void Dispose() => _http.Dispose();

    /// <summary>Sends a call, all its placeholders filled in.</summary>
    public async Task<S3Answer> SendAsync(S3Call call, AddressStyle style)
    {
        bool isHostStyle = style == AddressStyle.Host && call.Bucket is not null;
        string host = isHostStyle ? $"{call.Bucket}.{RadosGateway.HostSuffix}:{endpoint.Port}" : endpoint.Authority;
        string path = (isHostStyle || call.Bucket is null ? "" : "/" + call.Bucket) + (call.Key is null ? "" : "/" + call.Key);
        path = path.Length == 0 ? "/" : path;
        var (query, headers) = _signer.Sign(call, path, host);

        using HttpRequestMessage message = new(HttpMethod.Parse(call.Method), new Uri($"{endpoint.Scheme}://{endpoint.Authority}{path}{(query.Length == 0 ? "" : "?" + query)}", Verbatim));
        message.Headers.TryAddWithoutValidation("Host", host);
        message.Headers.ConnectionClose = closesConnections;
        message.Content = call.Body is null ? null : new ByteArrayContent(call.Body);
        foreach ((string name, string value) in headers)
        {
            if (!message.Headers.TryAddWithoutValidation(name, value))
            {
                message.Content ??= new ByteArrayContent([]);
                message.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        try
        {
            using HttpResponseMessage response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead);
            return await ReadAsync(response);
        }
        catch (HttpRequestException broken)
        {
            return new S3Answer(0, [], Encoding.UTF8.GetBytes(broken.Message));
        }
    }

    private static async Task<S3Answer> ReadAsync(HttpResponseMessage response)
    {
        SortedDictionary<string, string> answered = new(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, var values) in response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated))
        {
            answered[name] = string.Join(", ", values);
        }

        return new S3Answer((int)response.StatusCode, answered, await response.Content.ReadAsByteArrayAsync());
    }
}
