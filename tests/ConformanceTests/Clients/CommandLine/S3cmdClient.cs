using System.Globalization;
using System.Text.RegularExpressions;
using S3Proxy.Testing.Programs;

namespace S3Proxy.ConformanceTests.Clients.CommandLine;

/// <summary>s3cmd.</summary>
internal sealed partial class S3cmdClient : IMatrixClient
{
    private readonly InstalledProgram _s3cmd;
    private readonly ClientAccess _access;
    private readonly string _configuration;

    public S3cmdClient(InstalledProgram s3cmd, ClientAccess access)
    {
        if (access.IsAnonymous)
        {
            throw new NotOfferedException("s3cmd wants keys");
        }

        _access = access;
        _configuration = Path.Combine(s3cmd.WorkingDirectory, "s3cfg");
        File.WriteAllText(_configuration, $"""
            [default]
            access_key = {access.AccessKey}
            secret_key = {access.SecretKey}
            host_base = {access.Endpoint.Authority}
            host_bucket = {access.Endpoint.Authority}
            bucket_location = {ClientAccess.Region}
            use_https = False
            max_retries = 1
            """);
        _s3cmd = s3cmd;
    }

    public Task PutAsync(string key, string file) => RunAsync("put", "--disable-multipart", file, UrlOf(key));

    public Task PutWithMetadataAsync(string key, string file, string name, string value) => RunAsync("put", $"--add-header=x-amz-meta-{name}:{value}", file, UrlOf(key));

    public Task GetAsync(string key, string file) => RunAsync("get", "--force", UrlOf(key), file);

    public async Task GetRangeAsync(string key, long first, long last, string file)
    {
        ObjectFacts facts = await HeadAsync(key);
        if (last != facts.Bytes - 1)
        {
            throw new NotOfferedException("s3cmd asks for ranges only to resume a download: from an offset to the end");
        }

        await using (FileStream begun = File.Create(file))
        {
            begun.SetLength(first);
        }

        await RunAsync("get", "--continue", UrlOf(key), file);
        byte[] whole = await File.ReadAllBytesAsync(file);
        await File.WriteAllBytesAsync(file, whole[(int)first..]);
    }

    public Task UploadInPartsAsync(string key, string file) => RunAsync("put", "--multipart-chunk-size-mb=8", file, UrlOf(key));

    public Task DownloadInPartsAsync(string key, string file) => throw new NotOfferedException("s3cmd downloads in one request");

    public Task CopyAsync(string source, string destination) => RunAsync("cp", UrlOf(source), UrlOf(destination));

    public async Task<ObjectFacts> HeadAsync(string key)
    {
        string text = await RunAsync("info", UrlOf(key));
        Dictionary<string, string> metadata = Metadata().Matches(text).ToDictionary(match => match.Groups["name"].Value, match => match.Groups["value"].Value.Trim());
        return new ObjectFacts(long.Parse(Size().Match(text).Groups["bytes"].Value, CultureInfo.InvariantCulture), null, metadata);
    }

    public async Task<Listing> ListAsync(string prefix, int? pageSize)
    {
        if (pageSize is not null)
        {
            throw new NotOfferedException("s3cmd has no option for the size of a page");
        }

        string bucket = UrlOf("");
        string[] lines = (await RunAsync("ls", UrlOf(prefix))).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        ILookup<bool, string> names = lines.ToLookup(
            line => line.TrimStart().StartsWith("DIR ", StringComparison.Ordinal),
            line => line[(line.IndexOf(bucket, StringComparison.Ordinal) + bucket.Length)..]);
        return new Listing([.. names[false]], [.. names[true]]);
    }

    public Task<Uri> PresignGetAsync(string key) => throw new NotOfferedException("`s3cmd signurl` knows signature version 2 only");

    public Task<Uri> PresignPutAsync(string key) => throw new NotOfferedException("`s3cmd signurl` knows signature version 2 only");

    public Task DeleteAsync(string key) => RunAsync("del", UrlOf(key));

    public Task DeleteManyAsync(string prefix, IReadOnlyList<string> keys) => RunAsync("del", "--recursive", "--force", UrlOf(prefix));

    public Task<bool> GetIfNoneMatchAsync(string key, string etag, string file) => throw new NotOfferedException("s3cmd has no conditional requests");

    public Task<bool> GetIfMatchAsync(string key, string etag, string file) => throw new NotOfferedException("s3cmd has no conditional requests");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [GeneratedRegex(@"^ *File size: +(?<bytes>\d+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Size();

    [GeneratedRegex("^ *x-amz-meta-(?<name>[^:]+): +(?<value>.*)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Metadata();

    private string UrlOf(string key) => $"s3://{_access.Bucket}/{key}";

    private async Task<string> RunAsync(params string[] arguments) => (await _s3cmd.RunAsync(["-c", _configuration, "--no-progress", .. arguments])).OutputOfSuccess();
}
