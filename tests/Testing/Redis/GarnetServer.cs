using System.Globalization;
using System.Net.Sockets;
using S3Proxy.Testing.Programs;

namespace S3Proxy.Testing.Redis;

/// <summary>
/// Garnet, another server that speaks Redis' protocol, as the repository's .NET tool: where redis-server cannot be installed. A large download and a start of seconds, so that
/// only <c>S3PROXY_GARNET=1</c> asks for it.
/// </summary>
public sealed class GarnetServer : IAsyncDisposable
{
    private const string Variable = "S3PROXY_GARNET";
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);

    private readonly string _directory = Directory.CreateTempSubdirectory("s3proxy-garnet-").FullName;
    private readonly int _port;
    private readonly Daemon _daemon;

    private GarnetServer(string repository)
    {
        _port = FreePorts.Find(1)[0];
        string port = _port.ToString(CultureInfo.InvariantCulture);
        _daemon = Daemon.Start("garnet-server", repository, LogFile, "dotnet", "tool", "run", "garnet-server", "--bind", "127.0.0.1", "--port", port, "--lua");
    }

    /// <summary><c>HOST:PORT</c>.</summary>
    public string Address => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_port}");

    private string LogFile => Path.Combine(_directory, "garnet.log");

    /// <summary>Why it does not run, as a sentence to print; null when it is asked for.</summary>
    public static string? FindMissing() =>
        Environment.GetEnvironmentVariable(Variable) == "1" ? null : $"Not run: {Variable}=1 runs it on Garnet, after 'dotnet tool restore'.";

    /// <summary>Starts it and comes back when it answers.</summary>
    /// <param name="repository">Where the tool's manifest is.</param>
    /// <exception cref="RedisServerException">It did not come up.</exception>
    public static async Task<GarnetServer> StartAsync(string repository)
    {
        GarnetServer server = new(repository);
        using CancellationTokenSource limit = new(ReadyLimit);
        while (!server._daemon.HasEnded && !limit.IsCancellationRequested)
        {
            try
            {
                using RespConnection connection = await RespConnection.OpenAsync(server._port, caFile: null, password: null, limit.Token);
                await connection.SendAsync("PING");
                return server;
            }
            catch (Exception error) when (error is SocketException or IOException or OperationCanceledException)
            {
                await Task.Delay(BetweenLooks, TimeProvider.System, CancellationToken.None);
            }
        }

        string log = File.Exists(server.LogFile) ? string.Join('\n', File.ReadLines(server.LogFile).TakeLast(5)) : "";
        await server.DisposeAsync();
        throw new RedisServerException($"Garnet did not start: {log}");
    }

    public ValueTask DisposeAsync()
    {
        _daemon.Dispose();
        Directory.Delete(_directory, recursive: true);
        return ValueTask.CompletedTask;
    }
}
