using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace S3Proxy.FunctionalTests.Forms;

/// <summary>
/// A browser's upload whose policy is signed here, by other code than the proxy's. Unless told otherwise the policy names every field with its very value. Change it
/// with <c>with</c> to spoil it.
/// </summary>
internal sealed record SignedForm
{
    public const string Boundary = "----tests0123456789";

    private const string Algorithm = "AWS4-HMAC-SHA256";

    public required byte[] Content { get; init; }

    public string Bucket { get; init; } = TestProxy.Bucket;

    public string FileName { get; init; } = "upload.bin";

    /// <summary>Fields besides those of the signature.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Fields { get; init; } = [];

    /// <summary>Conditions of the policy as JSON, besides bucket and signature; null for one for each field.</summary>
    public string? Conditions { get; init; }

    public string AccessKeyId { get; init; } = TestProxy.ClientKeyId;

    public string Secret { get; init; } = TestProxy.ClientSecret;

    public DateTimeOffset SignedAt { get; init; } = TimeProvider.System.GetUtcNow();

    public TimeSpan Lifetime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>What stands behind the file's content.</summary>
    public string Ending { get; init; } = $"\r\n--{Boundary}--\r\n";

    /// <summary>Fields that are sent besides, and not mentioned in the policy.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Unsigned { get; init; } = [];

    public static SignedForm Of(string key, byte[] content, params IEnumerable<KeyValuePair<string, string>> fields) =>
        new() { Content = content, Fields = [new("key", key), .. fields] };

    /// <summary>The form as it is sent.</summary>
    public byte[] Body()
    {
        StringBuilder head = new();
        foreach ((string name, string value) in (IEnumerable<KeyValuePair<string, string>>)[.. Fields, .. Signature(), .. Unsigned])
        {
            head.Append(CultureInfo.InvariantCulture, $"--{Boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        }

        head.Append(
            CultureInfo.InvariantCulture,
            $"--{Boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{FileName}\"\r\nContent-Type: application/octet-stream\r\n\r\n");
        return [.. Encoding.UTF8.GetBytes(head.ToString()), .. Content, .. Encoding.UTF8.GetBytes(Ending)];
    }

    public Task<HttpResponseMessage> PostAsync(HttpClient client) => PostAsync(client, new ByteArrayContent(Body()));

    public Task<HttpResponseMessage> PostAsync(HttpClient client, HttpContent body) => client.SendAsync(Request(body));

    public HttpRequestMessage Request(HttpContent body)
    {
        body.Headers.ContentType = MediaTypeHeaderValue.Parse($"multipart/form-data; boundary={Boundary}");
        return new HttpRequestMessage(HttpMethod.Post, $"/{Bucket}") { Content = body };
    }

    private IEnumerable<KeyValuePair<string, string>> Signature()
    {
        string timestamp = SignedAt.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        string[] scope = [timestamp[..8], "us-east-1", "s3", "aws4_request"];
        KeyValuePair<string, string>[] proof =
            [new("x-amz-algorithm", Algorithm), new("x-amz-credential", $"{AccessKeyId}/{string.Join('/', scope)}"), new("x-amz-date", timestamp)];
        string expiration = (SignedAt + Lifetime).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        string conditions = string.Join(", ", [.. proof.Select(Exact), Exact(new("bucket", Bucket)), Conditions ?? string.Join(", ", Fields.Select(Exact))]);
        string policy = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{{\"expiration\": \"{expiration}\", \"conditions\": [{conditions}]}}"));

        byte[] key = Encoding.UTF8.GetBytes("AWS4" + Secret);
        foreach (string part in scope)
        {
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        }

        return [.. proof, new("policy", policy), new("x-amz-signature", Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(policy))))];
    }

    private static string Exact(KeyValuePair<string, string> field) => $"{{{JsonSerializer.Serialize(field.Key)}: {JsonSerializer.Serialize(field.Value)}}}";
}
