using System.Text.Json;
using S3Proxy.Testing.Programs;

namespace S3Proxy.ConformanceTests.Clients.Drivers;

/// <summary>A client library of another language behind a small script that does what it is told, line by line; see the scripts in <c>drivers</c>.</summary>
internal sealed class DriverClient : IMatrixClient
{
    private const int DefaultPageSize = 1000;
    private readonly DriverProcess _driver;

    private DriverClient(DriverProcess driver) => _driver = driver;

    public static async Task<IMatrixClient> StartAsync(InstalledProgram interpreter, string script, ClientAccess access)
    {
        DriverProcess driver = new(interpreter, script);
        await driver.TellAsync(new
        {
            endpoint = access.EndpointText,
            region = ClientAccess.Region,
            accessKey = access.AccessKey,
            secretKey = access.SecretKey,
            bucket = access.Bucket,
            addressing = "path",
        });
        return new DriverClient(driver);
    }

    public Task PutAsync(string key, string file) => _driver.AskAsync("put", new { key, file });

    public Task PutWithMetadataAsync(string key, string file, string name, string value) =>
        _driver.AskAsync("put", new { key, file, metadata = new Dictionary<string, string> { [name] = value } });

    public Task GetAsync(string key, string file) => _driver.AskAsync("get", new { key, file });

    public Task GetRangeAsync(string key, long first, long last, string file) => _driver.AskAsync("get", new { key, file, range = $"bytes={first}-{last}" });

    public Task UploadInPartsAsync(string key, string file) => _driver.AskAsync("upload_in_parts", new { key, file });

    public Task DownloadInPartsAsync(string key, string file) => _driver.AskAsync("download_in_parts", new { key, file });

    public Task CopyAsync(string source, string destination) => _driver.AskAsync("copy", new { source, destination });

    public async Task<ObjectFacts> HeadAsync(string key)
    {
        JsonElement answer = await _driver.AskAsync("head", new { key });
        Dictionary<string, string> metadata = answer.GetProperty("metadata").EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.GetString()!);
        return new ObjectFacts(answer.GetProperty("bytes").GetInt64(), answer.GetProperty("etag").GetString(), metadata);
    }

    public async Task<Listing> ListAsync(string prefix, int? pageSize)
    {
        JsonElement answer = await _driver.AskAsync("list", new { prefix, page_size = pageSize ?? DefaultPageSize });
        return new Listing(TextsOf(answer.GetProperty("keys")), TextsOf(answer.GetProperty("prefixes")));
    }

    public Task<Uri> PresignGetAsync(string key) => PresignAsync("GET", key);

    public Task<Uri> PresignPutAsync(string key) => PresignAsync("PUT", key);

    public Task DeleteAsync(string key) => _driver.AskAsync("delete", new { key });

    public Task DeleteManyAsync(string prefix, IReadOnlyList<string> keys) => _driver.AskAsync("delete_many", new { keys });

    public async Task<bool> GetIfNoneMatchAsync(string key, string etag, string file) =>
        (await _driver.AskAsync("get_if", new { key, file, if_none_match = etag })).GetBoolean();

    public async Task<bool> GetIfMatchAsync(string key, string etag, string file) =>
        (await _driver.AskAsync("get_if", new { key, file, if_match = etag })).GetBoolean();

    public ValueTask DisposeAsync() => _driver.DisposeAsync();

    private async Task<Uri> PresignAsync(string method, string key) => ClientUrl.Parse((await _driver.AskAsync("presign", new { method, key })).GetString()!);

    private static string[] TextsOf(JsonElement array) => [.. array.EnumerateArray().Select(item => item.GetString()!)];
}
