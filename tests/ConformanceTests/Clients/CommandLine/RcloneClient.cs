using System.Text.Json;
using S3Proxy.Testing.Programs;

namespace S3Proxy.ConformanceTests.Clients.CommandLine;

/// <summary>rclone, with keys as they are (<c>encoding = None</c>) instead of a spelling of its own for some characters.</summary>
internal sealed class RcloneClient(InstalledProgram rclone, ClientAccess access) : IMatrixClient
{
    private readonly InstalledProgram _rclone = rclone.With("RCLONE_CONFIG", "/dev/null").With("RCLONE_CONFIG_S3_TYPE", "s3").With("RCLONE_CONFIG_S3_PROVIDER", "Other")
        .With("RCLONE_CONFIG_S3_ENDPOINT", access.EndpointText).With("RCLONE_CONFIG_S3_REGION", ClientAccess.Region).With("RCLONE_CONFIG_S3_ENCODING", "None")
        .With("RCLONE_CONFIG_S3_NO_CHECK_BUCKET", "true").With("RCLONE_CONFIG_S3_ACCESS_KEY_ID", access.AccessKey).With("RCLONE_CONFIG_S3_SECRET_ACCESS_KEY", access.SecretKey);

    public Task PutAsync(string key, string file) => CopyToAsync(file, NameOf(key));

    public Task PutWithMetadataAsync(string key, string file, string name, string value) => CopyToAsync(file, NameOf(key), "--metadata", "--metadata-set", $"{name}={value}");

    public async Task GetAsync(string key, string file)
    {
        await CopyToAsync(NameOf(key), file);
        if (!File.Exists(file))
        {
            throw new ClientRefusedException("rclone found nothing to copy.");
        }
    }

    public async Task GetRangeAsync(string key, long first, long last, string file) =>
        (await _rclone.RunIntoAsync(file, "cat", "--offset", $"{first}", "--count", $"{last - first + 1}", NameOf(key))).OutputOfSuccess();

    public Task UploadInPartsAsync(string key, string file) => CopyToAsync(file, NameOf(key), "--s3-upload-cutoff", "8Mi", "--s3-chunk-size", "8Mi");

    public Task DownloadInPartsAsync(string key, string file) => CopyToAsync(NameOf(key), file, "--multi-thread-cutoff", "8Mi", "--multi-thread-streams", "4");

    public Task CopyAsync(string source, string destination) => CopyToAsync(NameOf(source), NameOf(destination));

    public async Task<ObjectFacts> HeadAsync(string key)
    {
        using JsonDocument answer = JsonDocument.Parse(await RunAsync("lsjson", "--stat", "--metadata", NameOf(key)));
        return new ObjectFacts(
            answer.RootElement.GetProperty("Size").GetInt64(),
            ETag: null,
            answer.RootElement.GetProperty("Metadata").EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.GetString()!));
    }

    public async Task<Listing> ListAsync(string prefix, int? pageSize)
    {
        string[] paging = pageSize is { } size ? ["--s3-list-chunk", $"{size}"] : [];
        string[] names = (await RunAsync(["lsf", .. paging, $"s3:{access.Bucket}/{prefix}"])).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        ILookup<bool, string> entries = names.ToLookup(name => name.EndsWith('/'), name => prefix + name);
        return new Listing([.. entries[false]], [.. entries[true]]);
    }

    public async Task<Uri> PresignGetAsync(string key) => ClientUrl.Parse(await RunAsync("link", "--expire", "10m", NameOf(key)));

    public Task<Uri> PresignPutAsync(string key) => throw new NotOfferedException("`rclone link` signs for GET only");

    public Task DeleteAsync(string key) => RunAsync("deletefile", NameOf(key));

    public Task DeleteManyAsync(string prefix, IReadOnlyList<string> keys) => RunAsync("delete", $"s3:{access.Bucket}/{prefix}");

    public Task<bool> GetIfNoneMatchAsync(string key, string etag, string file) => throw new NotOfferedException("rclone has no conditional downloads");

    public Task<bool> GetIfMatchAsync(string key, string etag, string file) => throw new NotOfferedException("rclone has no conditional downloads");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Task<string> CopyToAsync(string source, string destination, params string[] options) => RunAsync(["copyto", "--ignore-times", "--retries", "1", .. options, source, destination]);

    /// <summary>rclone takes keys for paths and tidies them up.</summary>
    private string NameOf(string key) => key.Split('/').Any(segment => segment is "" or "." or "..")
        ? throw new NotOfferedException("rclone takes `//`, `.` and `..` in a key for those of a path")
        : $"s3:{access.Bucket}/{key}";

    private async Task<string> RunAsync(params string[] arguments) => (await _rclone.RunAsync(arguments)).OutputOfSuccess();
}
