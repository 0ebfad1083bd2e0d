using S3Proxy.Configuration;
using S3Proxy.Origin.Signing;
using S3Proxy.Protocol;
using S3Proxy.Testing.Tls;
using S3Proxy.Testing.Uploads;

namespace S3Proxy.FunctionalTests;

/// <summary>
/// A client that signs and whose path bytes reach the wire as they are, for the proxy and for the origin behind it alike. Thread-safe.
/// </summary>
internal sealed class SignedClient : IDisposable
{
    private readonly OriginRequestSigner _signer = new();
    private readonly HttpClient _http;
    private readonly OriginConfiguration _target;
    private readonly SigningCredentials _credentials;

    /// <param name="endpoint">Where to.</param>
    /// <param name="accessKeyId">Access key id.</param>
    /// <param name="secretAccessKey">Secret access key.</param>
    /// <param name="acceptAny">Whether any certificate will do.</param>
    public SignedClient(Uri endpoint, string accessKeyId, string secretAccessKey, bool acceptAny = false)
    {
        SocketsHttpHandler handler = new()
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            // A client that waits for 100 Continue must get it.
            Expect100ContinueTimeout = Timeout.InfiniteTimeSpan,
        };
        if (acceptAny)
        {
            handler.SslOptions.RemoteCertificateValidationCallback = ServerCertificate.IsThere;
        }

        _http = new HttpClient(handler) { Timeout = TimeSpan.FromMinutes(2) };
        _target = new OriginConfiguration
        {
            Name = "client",
            Endpoints = [endpoint],
            Region = "us-east-1",
            Credentials = new OriginCredentials { Source = OriginCredentialsSource.Anonymous },
        };
        _credentials = new SigningCredentials(accessKeyId, secretAccessKey, null);
    }

    /// <summary>Moves the client's clock away from the right time.</summary>
    public TimeSpan ClockOffset { get; init; }

    /// <summary>The version of HTTP to speak, and no other.</summary>
    public Version HttpVersion { get; init; } = System.Net.HttpVersion.Version11;

    public void Dispose() => _http.Dispose();

    /// <summary>Sends one request and comes back when the headers are there.</summary>
    /// <param name="method">HTTP method.</param>
    /// <param name="bucket">Bucket.</param>
    /// <param name="key">Decoded key; null for the bucket itself.</param>
    /// <param name="query">Canonical query without question mark.</param>
    /// <param name="headers">Further headers; those of the content too.</param>
    /// <param name="body">Null for none.</param>
    /// <param name="payloadHash">Value of x-amz-content-sha256.</param>
    public Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string bucket,
        string? key,
        string query = "",
        IEnumerable<KeyValuePair<string, string>>? headers = null,
        HttpContent? body = null,
        string payloadHash = PayloadDeclaration.UnsignedValue)
    {
        HttpRequestMessage message = new(method, OriginUri.Build(_target, _target.Endpoints[0], bucket, key, query)) { Content = body };
        foreach ((string name, string value) in headers ?? [])
        {
            if (!message.Headers.TryAddWithoutValidation(name, value))
            {
                message.Content ??= new ByteArrayContent([]);
                message.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        _signer.Sign(message, _target, _credentials, payloadHash, TimeProvider.System.GetUtcNow() + ClockOffset);
        return SendAsync(message);
    }

    /// <summary>Uploads in aws-chunked encoding.</summary>
    public Task<HttpResponseMessage> UploadAsync(string? key, ChunkedUpload upload, string bucket = TestProxy.Bucket)
    {
        HttpRequestMessage message = new(upload.Method, OriginUri.Build(_target, _target.Endpoints[0], bucket, key, upload.Query));
        foreach ((string name, string value) in upload.SignedHeaders())
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        _signer.Sign(message, _target, _credentials, upload.PayloadHash, TimeProvider.System.GetUtcNow() + ClockOffset);
        string authorization = message.Headers.NonValidated["Authorization"].ToString();
        message.Content = upload.Content(new AwsChunkSigning(
            _credentials.SecretAccessKey, message.Headers.NonValidated["x-amz-date"].ToString(), _target.Region, authorization[^64..]));
        return SendAsync(message);
    }

    private Task<HttpResponseMessage> SendAsync(HttpRequestMessage message)
    {
        message.Version = HttpVersion;
        message.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        return _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead);
    }

    public Task<HttpResponseMessage> GetAsync(string key, params IEnumerable<KeyValuePair<string, string>> headers) =>
        SendAsync(HttpMethod.Get, TestProxy.Bucket, key, headers: headers);

    public Task<HttpResponseMessage> PutAsync(string key, byte[] body, params IEnumerable<KeyValuePair<string, string>> headers) =>
        SendAsync(HttpMethod.Put, TestProxy.Bucket, key, headers: headers, body: new ByteArrayContent(body));

    /// <summary>The body of a successful GET.</summary>
    public async Task<byte[]> ReadAsync(string key)
    {
        using HttpResponseMessage response = await GetAsync(key);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsByteArrayAsync();
    }
}
