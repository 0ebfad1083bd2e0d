using System.Text.Json;
using S3Proxy.Testing.Programs;

namespace S3Proxy.ConformanceTests.Clients.CommandLine;

/// <summary>The aws command line: <c>s3api</c> for single requests, <c>s3</c> where it splits, copies and signs by itself.</summary>
internal sealed class AwsCliClient : IMatrixClient
{
    private readonly InstalledProgram _aws;
    private readonly ClientAccess _access;

    public AwsCliClient(InstalledProgram aws, ClientAccess access)
    {
        _access = access;
        string configuration = Path.Combine(aws.WorkingDirectory, "aws-config");
        // For presigned URLs it prefers signature version 2 at endpoints it does not know.
        File.WriteAllText(configuration, "[default]\ns3 =\n  signature_version = s3v4\n");
        _aws = aws.With("AWS_CONFIG_FILE", configuration).With("AWS_DEFAULT_REGION", ClientAccess.Region).With("AWS_EC2_METADATA_DISABLED", "true").With("AWS_MAX_ATTEMPTS", "1")
            .With("AWS_PAGER", "").With("AWS_ACCESS_KEY_ID", access.AccessKey).With("AWS_SECRET_ACCESS_KEY", access.SecretKey);
    }

    public Task PutAsync(string key, string file) => ApiAsync("put-object", key, "--body", file);

    public Task PutWithMetadataAsync(string key, string file, string name, string value) => ApiAsync("put-object", key, "--body", file, "--metadata", JsonSerializer.Serialize(new Dictionary<string, string> { [name] = value }));

    public Task GetAsync(string key, string file) => ApiAsync("get-object", key, file);

    public Task GetRangeAsync(string key, long first, long last, string file) => ApiAsync("get-object", key, "--range", $"bytes={first}-{last}", file);

    public Task UploadInPartsAsync(string key, string file) => RunAsync("s3", "cp", "--quiet", file, UrlOf(key));

    public Task DownloadInPartsAsync(string key, string file) => RunAsync("s3", "cp", "--quiet", UrlOf(key), file);

    public Task CopyAsync(string source, string destination) => RunAsync("s3", "cp", "--quiet", UrlOf(source), UrlOf(destination));

    public async Task<ObjectFacts> HeadAsync(string key)
    {
        using JsonDocument answer = JsonDocument.Parse(await ApiAsync("head-object", key));
        JsonElement root = answer.RootElement;
        return new ObjectFacts(
            root.GetProperty("ContentLength").GetInt64(),
            root.GetProperty("ETag").GetString(),
            root.GetProperty("Metadata").EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.GetString()!));
    }

    public async Task<Listing> ListAsync(string prefix, int? pageSize)
    {
        string[] paging = pageSize is { } size ? ["--page-size", $"{size}"] : [];
        string text = await RunAsync(["s3api", "list-objects-v2", "--bucket", _access.Bucket, "--prefix", prefix, "--delimiter", "/", .. paging]);
        using JsonDocument answer = JsonDocument.Parse(text);
        return new Listing(TextsOf(answer.RootElement, "Contents", "Key"), TextsOf(answer.RootElement, "CommonPrefixes", "Prefix"));
    }

    public async Task<Uri> PresignGetAsync(string key) => ClientUrl.Parse(await RunAsync("s3", "presign", UrlOf(key)));

    public Task<Uri> PresignPutAsync(string key) => throw new NotOfferedException("`aws s3 presign` signs for GET only");

    public Task DeleteAsync(string key) => RunAsync("s3", "rm", "--quiet", UrlOf(key));

    public async Task DeleteManyAsync(string prefix, IReadOnlyList<string> keys)
    {
        string file = Path.Combine(_aws.WorkingDirectory, "delete.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(new { Objects = keys.Select(key => new { Key = key }) }));
        string answer = await RunAsync("s3api", "delete-objects", "--bucket", _access.Bucket, "--delete", $"file://{file}");
        if (answer.Contains("\"Errors\"", StringComparison.Ordinal))
        {
            throw new ClientRefusedException(answer);
        }
    }

    public Task<bool> GetIfNoneMatchAsync(string key, string etag, string file) => GetIfAsync(key, "--if-none-match", etag, "(304)", file);

    public Task<bool> GetIfMatchAsync(string key, string etag, string file) => GetIfAsync(key, "--if-match", etag, "PreconditionFailed", file);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static string[] TextsOf(JsonElement root, string array, string name) =>
        root.TryGetProperty(array, out JsonElement items) ? [.. items.EnumerateArray().Select(item => item.GetProperty(name).GetString()!)] : [];

    private async Task<bool> GetIfAsync(string key, string condition, string etag, string refusal, string file)
    {
        ProgramResult result = await InvokeAsync(["s3api", "get-object", "--bucket", _access.Bucket, "--key", key, condition, etag, file]);
        if (!result.Succeeded && result.Error.Contains(refusal, StringComparison.Ordinal))
        {
            return false;
        }

        result.OutputOfSuccess();
        return true;
    }

    private string UrlOf(string key) => $"s3://{_access.Bucket}/{key}";

    private Task<string> ApiAsync(string command, string key, params string[] arguments) => RunAsync(["s3api", command, "--bucket", _access.Bucket, "--key", key, .. arguments]);

    private async Task<string> RunAsync(params string[] arguments) => (await InvokeAsync(arguments)).OutputOfSuccess();

    private Task<ProgramResult> InvokeAsync(string[] arguments) =>
        _aws.RunAsync(["--endpoint-url", _access.EndpointText, "--output", "json", .. _access.IsAnonymous ? ["--no-sign-request"] : Array.Empty<string>(), .. arguments]);
}
