using System.Xml.Linq;
using Amazon.Runtime;
using Amazon.S3;
using S3Proxy.Testing.Origin;

namespace S3Proxy.Testing.Tests.Origin;

/// <summary>An origin with one bucket, and clients for it.</summary>
internal sealed class TestOrigin : IAsyncDisposable
{
    public const string Bucket = "bucket";
    public const string AccessKeyId = "AKIDORIGIN";
    public const string SecretAccessKey = "secret/of+origin";

    private readonly SocketsHttpHandler _handler = new() { AllowAutoRedirect = false, UseProxy = false };

    private TestOrigin(EmbeddedOrigin origin)
    {
        Origin = origin;
        Http = new HttpClient(_handler);
    }

    public EmbeddedOrigin Origin { get; }

    public HttpClient Http { get; }

    /// <summary>An origin that asks for no signature.</summary>
    public static Task<TestOrigin> StartAsync() => StartAsync(new EmbeddedOriginOptions());

    /// <summary>An origin that asks for the signature of this class's key.</summary>
    public static Task<TestOrigin> StartSecuredAsync() =>
        StartAsync(new EmbeddedOriginOptions { Credentials = [new OriginCredential(AccessKeyId, SecretAccessKey)] });

    public static async Task<TestOrigin> StartAsync(EmbeddedOriginOptions options) =>
        new(await EmbeddedOrigin.StartAsync(options with { Buckets = [Bucket] }));

    /// <summary>Sends the target exactly as written; header pairs as <c>Name: value</c>.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string target, params IReadOnlyList<string> headers) =>
        SendAsync(method, target, null, headers);

    /// <summary>Sends the target exactly as written with a body; returns when the headers are there.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string target, byte[]? body, params IReadOnlyList<string> headers)
    {
        HttpRequestMessage request = new(method, Raw(target)) { Content = body is null ? null : new ByteArrayContent(body) };
        foreach (string header in headers)
        {
            int colon = header.IndexOf(':', StringComparison.Ordinal);
            (string name, string value) = (header[..colon], header[(colon + 1)..].Trim());
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content!.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    public Task<HttpResponseMessage> GetAsync(string key, params IReadOnlyList<string> headers) =>
        SendAsync(HttpMethod.Get, $"/{Bucket}/{key}", headers);

    public Task<HttpResponseMessage> HeadAsync(string key, params IReadOnlyList<string> headers) =>
        SendAsync(HttpMethod.Head, $"/{Bucket}/{key}", headers);

    public AmazonS3Client CreateSdkClient(string secret = SecretAccessKey, string accessKeyId = AccessKeyId) => new(
        new BasicAWSCredentials(accessKeyId, secret),
        new AmazonS3Config
        {
            ServiceURL = Origin.Endpoint.ToString(),
            AuthenticationRegion = Origin.Options.Region,
            ForcePathStyle = true,
            UseHttp = true,
            MaxErrorRetry = 0,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        });

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        _handler.Dispose();
        await Origin.DisposeAsync();
    }

    public static string? Field(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out IEnumerable<string>? values) || response.Content.Headers.TryGetValues(name, out values)
            ? string.Join(",", values)
            : null;

    /// <summary>The S3 error code of a response.</summary>
    public static async Task<string?> ErrorCodeAsync(HttpResponseMessage response) => (await XmlAsync(response)).Element("Code")?.Value;

    public static async Task<XElement> XmlAsync(HttpResponseMessage response) => XElement.Parse(await response.Content.ReadAsStringAsync());

    private Uri Raw(string target) => new(
        Origin.Endpoint.GetLeftPart(UriPartial.Authority) + target,
        new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
}
