using System.Globalization;
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
    /// <param name="kinds">In the order of the tables.</param>
    /// <param name="origin">Where all fetch.</param>
    /// <param name="budgetBytes">Memory of each for cached objects.</param>
    /// <param name="isEncrypted">Whether data ports speak TLS, with HTTP/1.1 and HTTP/2.</param>
    /// <param name="meanObjectBytes">As <see cref="ServerSetup.MeanObjectBytes"/>.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<ServerSet> StartAsync(
        IEnumerable<IServerKind> kinds, Uri origin, long budgetBytes, bool isEncrypted, long? meanObjectBytes, CancellationToken cancellationToken)
    {
        ServerSet set = new(Directory.CreateTempSubdirectory("s3proxy-peers").FullName);
        CertificateFiles? certificate = isEncrypted ? CertificateFiles.Create(set._directory) : null;
        ServerSetup setup = new(origin, budgetBytes, certificate, set._directory, meanObjectBytes);
        Task<PeerServer>[] starting = [.. kinds.Select((kind, number) => kind.StartAsync(setup with { Directory = set.CreateDirectory(number) }, cancellationToken))];
        Task all = Task.WhenAll(starting);
        await all.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        set._servers.AddRange(starting.Where(start => start.IsCompletedSuccessfully).Select(start => start.Result));
        if (!all.IsCompletedSuccessfully)
        {
            await set.DisposeAsync();
            await all;
        }

        return set;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (PeerServer server in _servers)
        {
            await server.DisposeAsync();
        }

        Directory.Delete(_directory, recursive: true);
    }

    private string CreateDirectory(int number) => Directory.CreateDirectory(Path.Combine(_directory, string.Create(CultureInfo.InvariantCulture, $"server-{number}"))).FullName;
}
