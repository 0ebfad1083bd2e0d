using System.Globalization;
using System.Net.Sockets;
using S3Proxy.Testing.Programs;

namespace S3Proxy.Testing.Redis;

/// <summary>
/// A real redis-server on a free port of 127.0.0.1, in a temporary directory, that keeps nothing on disk. It starts in a few milliseconds and ends with this object, or with this process.
/// Not thread-safe.
/// </summary>
public sealed class RedisServer : IAsyncDisposable
{
    private const string Program = "redis-server";
    private const int StartAttempts = 3;
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(10);

    private readonly string _directory = Directory.CreateTempSubdirectory("s3proxy-redis-").FullName;
    private readonly RedisServerOptions _options;
    private readonly RedisCertificates? _certificates;
    private Daemon? _daemon;
    private RespConnection? _connection;
    private int _busPort;
    private int _processId;

    private RedisServer(RedisServerOptions options)
    {
        _options = options;
        _certificates = options.Tls ? new RedisCertificates(_directory) : null;
    }

    public int Port { get; private set; }

    /// <summary><c>HOST:PORT</c>.</summary>
    public string Address => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    /// <summary>PEM file of the authority behind the server's certificate; null without TLS.</summary>
    public string? CaFile => _certificates?.AuthorityFile;

    /// <summary>True while its process is there, also when it is paused.</summary>
    public bool IsRunning => _daemon is { HasEnded: false };

    internal int BusPort => _busPort;

    private string LogFile => Path.Combine(_directory, "redis.log");

    /// <summary>What is missing, as a sentence to print instead of a test's run; null when redis-server is installed.</summary>
    public static string? FindMissing() =>
        InstalledProgram.Find(Program, Path.GetTempPath()) is null ? "Not run: redis-server not installed (Debian: redis-server)." : null;

    /// <summary>Starts one and comes back when it answers.</summary>
    /// <exception cref="RedisServerException">It did not come up, and not for a port taken by another program in the meantime.</exception>
    public static async Task<RedisServer> StartAsync(RedisServerOptions? options = null)
    {
        for (int attempt = 1; ; attempt++)
        {
            RedisServer server = new(options ?? new RedisServerOptions());
            try
            {
                int[] ports = FreePorts.Find(2);
                (server.Port, server._busPort) = (ports[0], ports[1]);
                await server.RestartAsync();
                return server;
            }
            catch (RedisServerException error)
            {
                await server.DisposeAsync();
                if (attempt == StartAttempts || !error.Message.Contains("in use", StringComparison.OrdinalIgnoreCase))
                {
                    throw;
                }
            }
        }
    }

    /// <summary>Kills it (SIGKILL); everything in it is lost. Connections break.</summary>
    public void Stop()
    {
        _connection?.Dispose();
        _connection = null;
        _daemon?.Dispose();
        _daemon = null;
    }

    /// <summary>Starts it on its port, empty, after it was stopped.</summary>
    public async Task RestartAsync()
    {
        Stop();
        string file = Path.Combine(_directory, "redis.conf");
        await File.WriteAllLinesAsync(file, Configuration());
        _daemon = Daemon.Start(Program, _directory, LogFile, Program, file);
        await WaitUntilReadyAsync();
        string? id = (await InfoAsync("server")).GetValueOrDefault("process_id");
        _processId = int.Parse(id!, CultureInfo.InvariantCulture);
    }

    /// <summary>Stops it where it stands (SIGSTOP): connections stay open, and nobody answers.</summary>
    public void Pause() => Signals.Stop(_processId);

    /// <summary>Lets it go on; it then answers what was sent meanwhile.</summary>
    public void Resume() => Signals.Resume(_processId);

    /// <summary>Sends a command and gives its answer: null, a number, a text (bytes as Latin-1), or a list of those.</summary>
    /// <exception cref="RedisServerException">The server answered an error.</exception>
    public async Task<object?> CommandAsync(params string[] command)
    {
        _connection ??= await RespConnection.OpenAsync(Port, CaFile, _options.Password, CancellationToken.None);
        return await _connection.SendAsync(command);
    }

    public Task FlushAllAsync() => CommandAsync("FLUSHALL");

    /// <summary>Has it forget its scripts.</summary>
    public Task FlushScriptsAsync() => CommandAsync("SCRIPT", "FLUSH");

    /// <summary>Has it do nothing else for so long.</summary>
    public Task SleepAsync(TimeSpan duration) => CommandAsync("DEBUG", "SLEEP", duration.TotalSeconds.ToString(CultureInfo.InvariantCulture));

    /// <summary>Breaks the connections of clients; tells how many there were.</summary>
    /// <param name="type"><c>normal</c> (but this object's own) or <c>pubsub</c>.</param>
    public async Task<long> DropClientsAsync(string type) => (long)(await CommandAsync("CLIENT", "KILL", "TYPE", type, "SKIPME", "yes"))!;

    /// <summary>A part of what the server says of itself.</summary>
    public async Task<IReadOnlyDictionary<string, string>> InfoAsync(string section) =>
        ((string)(await CommandAsync("INFO", section))!).Split("\r\n")
            .Select(line => line.Split(':', 2))
            .Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);

    /// <summary>Commands run since <see cref="ResetStatsAsync"/>, by name in lower case; those inside of scripts and this object's own count too.</summary>
    public async Task<IReadOnlyDictionary<string, RedisCommandUse>> CommandStatsAsync() =>
        (await InfoAsync("commandstats")).ToDictionary(
            pair => pair.Key["cmdstat_".Length..],
            pair =>
            {
                Dictionary<string, string> fields = pair.Value.Split(',').Select(field => field.Split('=', 2)).ToDictionary(field => field[0], field => field[1]);
                return new RedisCommandUse(Number(fields, "calls"), Number(fields, "rejected_calls"), Number(fields, "failed_calls"));
            },
            StringComparer.Ordinal);

    public Task ResetStatsAsync() => CommandAsync("CONFIG", "RESETSTAT");

    public ValueTask DisposeAsync()
    {
        Stop();
        Directory.Delete(_directory, recursive: true);
        return ValueTask.CompletedTask;
    }

    private static long Number(Dictionary<string, string> fields, string name) =>
        long.Parse(fields.GetValueOrDefault(name, "0"), CultureInfo.InvariantCulture);

    private IEnumerable<string> Configuration()
    {
        yield return "bind 127.0.0.1";
        yield return "protected-mode no";
        yield return "daemonize no";
        yield return "save \"\"";
        yield return "appendonly no";
        yield return "enable-debug-command yes";
        yield return $"dir {_directory}";
        yield return $"port {(_options.Tls ? 0 : Port)}";
        if (_certificates is not null)
        {
            yield return $"tls-port {Port}";
            yield return $"tls-cert-file {_certificates.ServerFile}";
            yield return $"tls-key-file {_certificates.KeyFile}";
            yield return $"tls-ca-cert-file {_certificates.AuthorityFile}";
            yield return "tls-auth-clients no";
        }

        if (_options.Password is not null)
        {
            yield return $"requirepass {_options.Password}";
        }

        if (_options.ClusterEnabled)
        {
            yield return "cluster-enabled yes";
            yield return $"cluster-port {_busPort}";
            yield return "cluster-node-timeout 1000";
        }

        foreach (string line in _options.Lines)
        {
            yield return line;
        }
    }

    private async Task WaitUntilReadyAsync()
    {
        using CancellationTokenSource limit = new(ReadyLimit);
        while (true)
        {
            if (!IsRunning || limit.IsCancellationRequested)
            {
                throw new RedisServerException($"redis-server did not start: {string.Join('\n', File.Exists(LogFile) ? File.ReadLines(LogFile).TakeLast(5) : [])}");
            }

            try
            {
                _connection = await RespConnection.OpenAsync(Port, CaFile, _options.Password, limit.Token);
                await _connection.SendAsync("PING");
                return;
            }
            catch (Exception error) when (error is SocketException or IOException or OperationCanceledException)
            {
                await Task.Delay(BetweenLooks, TimeProvider.System, CancellationToken.None);
            }
        }
    }
}
