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
    /// <param name="budgetBytesOf">Memory of each for cached objects.</param>
    /// <param name="isEncrypted">Whether data ports speak TLS, with HTTP/1.1 and HTTP/2.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<ServerSet> StartAsync(
        IEnumerable<IServerKind> kinds, Uri origin, Func<IServerKind, long> budgetBytesOf, bool isEncrypted, CancellationToken cancellationToken)
    {
        ServerSet set = new(Directory.CreateTempSubdirectory("s3proxy-peers").FullName);
        CertificateFiles? certificate = isEncrypted ? CertificateFiles.Create(set._directory) : null;
        Task<PeerServer>[] starting = [.. kinds.Select((kind, number) => kind.StartAsync(set.SetupOf(number, origin, budgetBytesOf(kind), certificate), cancellationToken))];
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

    private ServerSetup SetupOf(int number, Uri origin, long budgetBytes, CertificateFiles? certificate) =>
        new(origin, budgetBytes, certificate, Directory.CreateDirectory(Path.Combine(_directory, string.Create(CultureInfo.InvariantCulture, $"server-{number}"))).FullName);
}
