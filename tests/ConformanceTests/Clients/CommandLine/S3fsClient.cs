using System.Diagnostics;
using System.Globalization;
using System.Text;
using S3Proxy.Testing.Programs;

namespace S3Proxy.ConformanceTests.Clients.CommandLine;

/// <summary>
/// A bucket mounted by s3fs, used by programs of its own and never from this process: one that waits for a file of the mount can be killed, a thread cannot, and the proxy
/// that it waits for may be in this process.
/// </summary>
internal sealed class S3fsClient : IMatrixClient
{
    private const int LongestKeyBytes = 1024;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);
    private readonly InstalledProgram _s3fs;
    private readonly string _mount;
    private readonly Process _process;
    private readonly Task<string> _error;

    private S3fsClient(InstalledProgram s3fs, string mount, Process process)
    {
        _s3fs = s3fs;
        _mount = mount;
        _process = process;
        _error = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Mounts the bucket and waits until it is there.</summary>
    public static async Task<IMatrixClient> MountAsync(InstalledProgram s3fs, ClientAccess access)
    {
        if (access.IsAnonymous)
        {
            throw new NotOfferedException("a mount lists the bucket, and nobody may list what anybody may read");
        }

        string mount = Path.Combine(s3fs.WorkingDirectory, "mount");
        Directory.CreateDirectory(mount);
        string options = $"url={access.EndpointText},endpoint={ClientAccess.Region},sigv4,use_path_request_style,multipart_size=8,parallel_count=4,retries=1";
        s3fs = s3fs.With("AWSACCESSKEYID", access.AccessKey).With("AWSSECRETACCESSKEY", access.SecretKey);
        S3fsClient client = new(s3fs, mount, s3fs.Start(access.Bucket, mount, "-f", "-o", options));
        using CancellationTokenSource limit = new(Limit);
        while (!client.IsMounted())
        {
            if (client._process.HasExited || limit.IsCancellationRequested)
            {
                await client.DisposeAsync();
                throw new ClientRefusedException($"s3fs did not mount: {await client._error}");
            }

            await Task.Delay(BetweenLooks, TimeProvider.System, CancellationToken.None);
        }

        // Being in the table of mounts is not yet answering.
        await client.RunAsync("stat", mount);
        return client;
    }

    public async Task PutAsync(string key, string file)
    {
        string path = PathOf(key);
        await RunAsync("mkdir", "-p", Path.GetDirectoryName(path)!);
        await RunAsync("cp", file, path);
    }

    public Task PutWithMetadataAsync(string key, string file, string name, string value) =>
        throw new NotOfferedException("s3fs keeps a file's owner, mode and times as metadata, and no others by name");

    public Task GetAsync(string key, string file) => RunAsync("cp", PathOf(key), file);

    public Task GetRangeAsync(string key, long first, long last, string file) =>
        RunAsync("dd", $"if={PathOf(key)}", $"of={file}", "bs=64K", $"skip={first}", $"count={last - first + 1}", "iflag=skip_bytes,count_bytes", "status=none");

    public Task UploadInPartsAsync(string key, string file) => PutAsync(key, file);

    public Task DownloadInPartsAsync(string key, string file) => GetAsync(key, file);

    /// <summary>A rename: CopyObject and DeleteObject. A copy within the mount reads and writes.</summary>
    public Task CopyAsync(string source, string destination) => RunAsync("mv", PathOf(source), PathOf(destination));

    public async Task<ObjectFacts> HeadAsync(string key) =>
        new(long.Parse(await RunAsync("stat", "-c", "%s", PathOf(key)), CultureInfo.InvariantCulture), ETag: null, Metadata: null);

    public async Task<Listing> ListAsync(string prefix, int? pageSize)
    {
        if (pageSize is not null)
        {
            throw new NotOfferedException("s3fs asks for pages of 1,000 keys and more");
        }

        string[] names = (await RunAsync("ls", "-A", "-p", "--quoting-style=literal", PathOf(prefix))).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        ILookup<bool, string> entries = names.ToLookup(name => name.EndsWith('/'), name => prefix + name);
        return new Listing([.. entries[false]], [.. entries[true]]);
    }

    public Task<Uri> PresignGetAsync(string key) => throw new NotOfferedException("a file system has no URLs");

    public Task<Uri> PresignPutAsync(string key) => throw new NotOfferedException("a file system has no URLs");

    public Task DeleteAsync(string key) => RunAsync("rm", PathOf(key));

    public Task DeleteManyAsync(string prefix, IReadOnlyList<string> keys) => RunAsync("rm", "-r", PathOf(prefix));

    public Task<bool> GetIfNoneMatchAsync(string key, string etag, string file) => throw new NotOfferedException("a file system has no conditional requests");

    public Task<bool> GetIfMatchAsync(string key, string etag, string file) => throw new NotOfferedException("a file system has no conditional requests");

    public async ValueTask DisposeAsync()
    {
        if (IsMounted())
        {
            await Program("fusermount").RunAsync("-u", "-z", _mount);
        }

        using CancellationTokenSource limit = new(Limit);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _error;
        _process.Dispose();
    }

    private bool IsMounted() => File.ReadLines("/proc/mounts").Any(line => line.Split(' ')[1] == _mount);

    private string PathOf(string key)
    {
        if (key.TrimEnd('/').Split('/').Any(segment => segment is "" or "." or ".."))
        {
            throw new NotOfferedException("in a path `//`, `.` and `..` have meanings of their own");
        }

        // It asks for the key with a slash at its end as well.
        return Encoding.UTF8.GetByteCount(key) < LongestKeyBytes ? Path.Combine(_mount, key) : throw new NotOfferedException("s3fs takes keys of up to 1,023 bytes");
    }

    private InstalledProgram Program(string name) => InstalledProgram.Find(name, _s3fs.WorkingDirectory) ?? throw new NotOfferedException($"{name} is not installed");

    private async Task<string> RunAsync(string program, params string[] arguments) =>
        (await Program(program).With("LC_ALL", "C.UTF-8").WithLimit(Limit).RunAsync(arguments)).OutputOfSuccess();
}
