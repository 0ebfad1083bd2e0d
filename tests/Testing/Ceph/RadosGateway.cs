using S3Proxy.Testing.Programs;

namespace S3Proxy.Testing.Ceph;

/// <summary>
/// A real S3 server: Ceph's RADOS Gateway as Debian packages it, with a monitor and an object store in memory, on free ports of 127.0.0.1 and in a temporary directory.
/// It needs a second or two to start, about 130 MiB of memory and no root. Everything it started ends with it, or with this process.
/// </summary>
public sealed class RadosGateway : IAsyncDisposable
{
    /// <summary>For addressing by host: a request whose Host is BUCKET.s3.localhost, with or without a port, asks for that bucket.</summary>
    public const string HostSuffix = "s3.localhost";

    private const int StartAttempts = 3;
    private static readonly string[] Programs = ["radosgw", "radosgw-admin", "ceph-mon", "ceph-osd", "ceph", "monmaptool", "setpriv"];
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(50);

    private readonly CephDirectory _directory = new();
    private readonly List<Daemon> _daemons = [];

    private RadosGateway()
    {
    }

    /// <summary>Where it listens, without a bucket.</summary>
    public Uri Endpoint { get; private set; } = new("http://127.0.0.1/");

    /// <summary>The user that tests work as.</summary>
    public RadosUser Main { get; } = new("main", "Main Tester", "RGWMAINACCESSKEY0001", "rgwmainsecretkey0123456789abcdefghijklmn");

    /// <summary>Another user, who owns nothing of the first.</summary>
    public RadosUser Alt { get; } = new("alt", "Alt Tester", "RGWALTACCESSKEY00001", "rgwaltsecretkey0123456789abcdefghijklmno");

    public string AccessKey => Main.AccessKey;

    public string SecretKey => Main.SecretKey;

    public string AltAccessKey => Alt.AccessKey;

    public string AltSecretKey => Alt.SecretKey;

    /// <summary>Which programs are not installed, as a sentence to print instead of a test's run; null when nothing is missing.</summary>
    public static string? FindMissing()
    {
        string[] directories = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        string[] missing = [.. Programs.Where(program => !directories.Any(directory => File.Exists(Path.Combine(directory, program))))];
        return missing.Length == 0 ? null : $"Not run: {string.Join(", ", missing)} not installed (Debian: radosgw ceph-mon ceph-osd ceph-common util-linux).";
    }

    /// <summary>Starts it and comes back when it answers and its users are there.</summary>
    /// <exception cref="RadosGatewayException">It did not come up, and not for a port taken by another program in the meantime.</exception>
    public static async Task<RadosGateway> StartAsync()
    {
        for (int attempt = 1; ; attempt++)
        {
            RadosGateway gateway = new();
            try
            {
                await gateway.StartDaemonsAsync();
                return gateway;
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                string logs = gateway._directory.DescribeLogs();
                await gateway.DisposeAsync();
                if (attempt == StartAttempts || !logs.Contains("in use", StringComparison.OrdinalIgnoreCase))
                {
                    throw new RadosGatewayException($"The RADOS Gateway did not start: {exception.Message}\n{logs}", exception);
                }
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        // The gateway first: the others' clients do not like to lose them.
        for (int index = _daemons.Count - 1; index >= 0; index--)
        {
            _daemons[index].Dispose();
        }

        _daemons.Clear();
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task StartDaemonsAsync()
    {
        int[] ports = FreePorts.Find(2);
        (int gatewayPort, int monitorPort) = (ports[0], ports[1]);
        Endpoint = new Uri($"http://127.0.0.1:{gatewayPort}/");
        Guid clusterId = Guid.NewGuid();
        string storeId = Guid.NewGuid().ToString();
        Directory.CreateDirectory(_directory.MonitorData);
        Directory.CreateDirectory(_directory.StoreData);
        await File.WriteAllTextAsync(_directory.ConfigurationFile, CephConfiguration.Write(_directory, clusterId, gatewayPort, monitorPort));

        await RunAsync("monmaptool", "--create", "--fsid", clusterId.ToString(), "--addv", "a", $"[v2:127.0.0.1:{monitorPort}]", _directory.MonitorMap);
        await RunAsync("ceph-mon", "-c", _directory.ConfigurationFile, "--mkfs", "-i", "a", "--monmap", _directory.MonitorMap);
        Start("mon", "ceph-mon", "-i", "a");
        await RunAsync("ceph-osd", "-c", _directory.ConfigurationFile, "-i", "0", "--mkfs", "--osd-uuid", storeId);
        await RunAsync("ceph", "--connect-timeout", "30", "osd", "new", storeId);
        Start("osd", "ceph-osd", "-i", "0");
        Start("rgw", "radosgw", "-n", "client.rgw");
        await WaitUntilReadyAsync();
        await AddUserAsync(Main);
        await AddUserAsync(Alt);
    }

    private Task AddUserAsync(RadosUser user) => RunAsync(
        "radosgw-admin", "user", "create", "--uid", user.Id, "--display-name", user.DisplayName, "--access-key", user.AccessKey, "--secret-key", user.SecretKey);

    private Task RunAsync(string program, params string[] arguments) => CephCommand.RunAsync(_directory, program, arguments);

    private void Start(string name, params string[] command) =>
        _daemons.Add(Daemon.Start(name, _directory.Path, _directory.OutputOf(name), [.. command, "-c", _directory.ConfigurationFile, "-f"]));

    private async Task WaitUntilReadyAsync()
    {
        using HttpClient client = new(new SocketsHttpHandler { UseProxy = false });
        using CancellationTokenSource limit = new(ReadyLimit);
        while (true)
        {
            if (_daemons.Find(daemon => daemon.HasEnded) is { } ended)
            {
                throw new RadosGatewayException($"{ended.Name} ended by itself.");
            }

            try
            {
                using HttpResponseMessage response = await client.GetAsync(Endpoint, limit.Token);
                if (response.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
            catch (OperationCanceledException)
            {
                throw new RadosGatewayException($"No answer within {ReadyLimit}.");
            }

            await Task.Delay(BetweenLooks, TimeProvider.System, CancellationToken.None);
        }
    }
}
