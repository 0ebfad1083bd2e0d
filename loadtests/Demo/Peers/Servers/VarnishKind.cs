using System.Globalization;
using S3Proxy.Demo.Measuring;
using S3Proxy.Demo.Peers.Memory;
using S3Proxy.Testing.Programs;

namespace S3Proxy.Demo.Peers.Servers;

/// <summary>Varnish with its cache in memory of its own; ranges of large objects are passed on, as it has no slices.</summary>
internal sealed class VarnishKind : IServerKind
{
    private const string Program = "varnishd";
    private const long LogBytes = 32L << 20;

    /// <summary>Each busy connection takes a thread; there are pools enough for the most connections of any scenario.</summary>
    private static readonly string[] Parameters =
    [
        "thread_pools=2", "thread_pool_min=100", "thread_pool_max=2000", "thread_pool_add_delay=0", "thread_queue_limit=1000",
        "default_grace=0", "default_keep=0", "http_gzip_support=off", "timeout_idle=60", "idle_send_timeout=60", "send_timeout=600",
        // Nobody reads its log here; the default takes 80 MiB.
        "vsl_space=16M",
        // The default gives up on a fetch when fifty evicted objects do not make room: too few small ones for a large one.
        "nuke_limit=10000",
    ];

    public string Name => "varnish";

    public MemoryCost Cost { get; } = new(250 * ByteSize.MiB, 1.25);

    public string Version => $"{Name}: " + DebianProgram.VersionOf(Program, "-V");

    public string? FindMissing() => DebianProgram.FindMissing(Program, "varnish");

    public async Task<PeerServer> StartAsync(ServerSetup setup, CancellationToken cancellationToken)
    {
        // Its log lies there, mapped; it is counted as far as it is resident.
        string state = CacheDirectory.Create(LogBytes);
        int[] ports = FreePorts.Find(2);
        string config = ConfigTemplate.Write("varnish.vcl", setup.Directory, new Dictionary<string, string>
        {
            ["ORIGIN_HOST"] = setup.Origin.Host,
            ["ORIGIN_PORT"] = setup.Origin.Port.ToString(CultureInfo.InvariantCulture),
        });
        string log = Path.Combine(setup.Directory, "varnish.log");
        SupervisedProcess process = await SupervisedProcess.StartAsync(
            [
                DebianProgram.Find(Program)!.Path, "-F", "-j", "none", "-n", state, "-f", config,
                "-a", string.Create(CultureInfo.InvariantCulture, $"objects=127.0.0.1:{ports[0]},HTTP"),
                "-a", string.Create(CultureInfo.InvariantCulture, $"ranges=127.0.0.1:{ports[1]},HTTP"),
                "-s", string.Create(CultureInfo.InvariantCulture, $"main=malloc,{setup.BudgetBytes}b"),
                .. Parameters.SelectMany(parameter => (string[])["-p", parameter]),
            ],
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
            Directory.Delete(state, recursive: true);
            throw;
        }

        return new PeerServer(Name, process, token => CountObjectsAsync(state, token), EndpointAt(ports[0]), EndpointAt(ports[1]), stateDirectory: state);
    }

    private static async Task<long> CountObjectsAsync(string state, CancellationToken cancellationToken)
    {
        ProgramResult result = await DebianProgram.Find("varnishstat")!.RunAsync("-n", state, "-1", "-f", "MAIN.n_object");
        cancellationToken.ThrowIfCancellationRequested();
        return result.Succeeded
            ? long.Parse(result.Output.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture)
            : throw new ProgramFailedException(result);
    }

    private static Uri EndpointAt(int port) => new UriBuilder(Uri.UriSchemeHttp, "127.0.0.1", port).Uri;
}
