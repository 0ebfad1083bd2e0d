using S3Proxy.Demo.Peers.Servers;

namespace S3Proxy.Demo.Peers;

/// <summary>The servers of a scenario, all running at the same time; one at a time has something to do.</summary>
internal sealed class ServerSet : IAsyncDisposable
{
    private readonly string _directory;
    private readonly List<PeerServer> _servers = [];

    private ServerSet(string directory) => _directory = directory;

    public IReadOnlyList<PeerServer> Servers => _servers;

    /// <summary>Starts one of each kind.</summary>
    public static async Task<ServerSet> StartAsync(IEnumerable<IServerKind> kinds, Uri origin, long budgetBytes, CancellationToken cancellationToken)
    {
        ServerSet set = new(Directory.CreateTempSubdirectory("s3proxy-peers").FullName);
        try
        {
            foreach (IServerKind kind in kinds)
            {
                string directory = Directory.CreateDirectory(Path.Combine(set._directory, $"server-{set._servers.Count}")).FullName;
                set._servers.Add(await kind.StartAsync(new ServerSetup(origin, budgetBytes, directory), cancellationToken));
            }

            return set;
        }
        catch
        {
            await set.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (PeerServer server in _servers)
        {
            await server.DisposeAsync();
        }

        Directory.Delete(_directory, recursive: true);
    }
}
