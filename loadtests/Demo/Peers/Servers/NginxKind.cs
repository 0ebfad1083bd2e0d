using System.Globalization;
using S3Proxy.Demo.Measuring;
using S3Proxy.Demo.Peers.Memory;
using S3Proxy.Testing.Programs;

namespace S3Proxy.Demo.Peers.Servers;

/// <summary>
/// nginx with <c>proxy_cache</c>: one fetch at a time by its lock; ranges of large objects by its slice module. Neither way of sending is the faster one for all sizes and machines, so that
/// hits are measured with both.
/// </summary>
/// <param name="hasSendfile">Whether cached files are sent with sendfile(2), or read into large buffers.</param>
internal sealed class NginxKind(bool hasSendfile) : IServerKind
{
    private const string Program = "nginx";

    /// <summary>Of a cached file: nginx' head of it and the answer's, and half of the last page.</summary>
    private const long BesideBodyBytes = 2560;

    /// <summary>What a page of the zone takes there, its own entry in the table of pages included.</summary>
    private const long ZonePageBytes = 4096 + 24;
    private const long KeysPerPage = 32;
    private const long OtherPages = 8;

    public string Name => hasSendfile ? "nginx" : "nginx-read";

    public bool IsForHitsOnly => !hasSendfile;

    public bool SpeaksTls => true;

    public MemoryCost Cost { get; } = new(24 * ByteSize.MiB, 1);

    public string Version => $"{Name}: " + DebianProgram.VersionOf(Program, "-v").Replace("nginx version: ", "", StringComparison.Ordinal);

    public string? FindMissing() => DebianProgram.FindMissing(Program, "nginx-light");

    public async Task<PeerServer> StartAsync(ServerSetup setup, CancellationToken cancellationToken)
    {
        string cache = CacheDirectory.Create(setup.BudgetBytes);
        int[] ports = FreePorts.Find(2);
        string config = ConfigTemplate.Write("nginx.conf", setup.Directory, new Dictionary<string, string>
        {
            ["USER"] = Environment.UserName,
            ["SENDFILE"] = hasSendfile ? "on" : "off",
            ["WORK"] = setup.Directory,
            ["CACHE"] = cache,
            ["BOUND"] = BoundOf(setup),
            ["OPEN_FILES"] = setup.MeanObjectBytes is null ? "max=1000 inactive=10s" : "off",
            ["ORIGIN"] = setup.Origin.Authority,
            // Of Debian 12: the parameter of listen, which later versions replace by a directive.
            ["TLS"] = setup.Certificate is null ? "" : "ssl http2",
            ["CERTIFICATE"] = setup.Certificate is { } files
                ? $"ssl_certificate {files.CertificateFile}; ssl_certificate_key {files.KeyFile}; ssl_protocols TLSv1.2 TLSv1.3; ssl_session_cache shared:tls:4m;"
                : "",
            ["PORT"] = ports[0].ToString(CultureInfo.InvariantCulture),
            ["RANGE_PORT"] = ports[1].ToString(CultureInfo.InvariantCulture),
        });
        string log = Path.Combine(setup.Directory, "nginx.log");
        SupervisedProcess process = await SupervisedProcess.StartAsync(
            [DebianProgram.Find(Program)!.Path, "-p", setup.Directory, "-e", log, "-c", config],
            log,
            new Dictionary<string, string>(),
            static _ => { },
            ProcessSignal.Terminate);
        try
        {
            await Listening.WaitAsync(Name, process, ports, cancellationToken);
        }
        catch
        {
            await process.DisposeAsync();
            Directory.Delete(cache, recursive: true);
            throw;
        }

        string scheme = setup.Certificate is null ? Uri.UriSchemeHttp : Uri.UriSchemeHttps;
        return new PeerServer(Name, process, _ => Task.FromResult(CountFiles(cache)), EndpointAt(scheme, ports[0]), EndpointAt(Uri.UriSchemeHttp, ports[1]), cache);
    }

    /// <summary>Parameters of the cache: at most so many bytes, looked at now and then, or a place for so many keys and no more.</summary>
    private static string BoundOf(ServerSetup setup)
    {
        if (setup.MeanObjectBytes is not { } meanBytes)
        {
            return string.Create(CultureInfo.InvariantCulture, $"keys_zone=objects:32m max_size={setup.BudgetBytes / 1024}k");
        }

        long keyPages = setup.BudgetBytes / (meanBytes + BesideBodyBytes) / KeysPerPage;
        return string.Create(CultureInfo.InvariantCulture, $"keys_zone=objects:{((keyPages + OtherPages) * ZonePageBytes / 1024) + 1}k");
    }

    private static long CountFiles(string cache) => Directory.EnumerateFiles(cache, "*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true }).LongCount();

    private static Uri EndpointAt(string scheme, int port) => new UriBuilder(scheme, "127.0.0.1", port).Uri;
}
