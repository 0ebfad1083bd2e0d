using S3Proxy.ConformanceTests.Clients.Operations;
using S3Proxy.ConformanceTests.Clients.Results;
using S3Proxy.Testing.Ceph;
using Xunit.Abstractions;

namespace S3Proxy.ConformanceTests.Clients;

/// <summary>
/// Clients of S3 as people run them do everything they offer through the proxy before a real server, every byte right, and docs/clients.md says so; requirements S8 and S10.
/// A client that is not installed is not judged.
/// </summary>
[Collection(OneGateway.Name)]
public sealed class ClientMatrixTests(ClientProxies proxies, ITestOutputHelper output) : IClassFixture<ClientProxies>
{
    public static TheoryData<string> Clients => [.. ClientKinds.All.Select(kind => kind.Name)];

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Does_what_it_offers(string client)
    {
        ClientKind kind = ClientKinds.All.Single(kind => kind.Name == client);
        using TemporaryDirectory home = new();
        if (proxies.FindGateway(output) is not { } gateway)
        {
            return;
        }

        if (await kind.FindVersionAsync(home.Path) is not { } version)
        {
            output.WriteLine($"Not run: {kind.Missing}.");
            return;
        }

        ClientColumn column = await RunAsync(gateway, kind, version, home.Path);
        proxies.Seen.Add(column);
        output.WriteLine(ClientTable.Write([.. MatrixOperations.All.Select(operation => operation.Name)], [column]));
        string[] failures = [.. column.Cells.Where(cell => cell.Value.Outcome == CellOutcome.Failed).Select(cell => $"{cell.Key}: {cell.Value.Note}")];
        Assert.True(failures.Length == 0, $"{client} {version} failed:\n{string.Join('\n', failures)}");
        if (!SeenColumns.IsWriting)
        {
            SeenColumns.ExpectDocumented(column);
        }
    }

    private async Task<ClientColumn> RunAsync(RadosGateway gateway, ClientKind kind, string version, string home)
    {
        using OriginBucket origin = await OriginBucket.CreateAsync(gateway, $"matrix-{kind.Slug}");
        await using MatrixBench bench = await MatrixBench.OpenAsync(kind, home, proxies.Signed.AccessTo(origin.Name), proxies.Anonymous.AccessTo(origin.Name), origin);
        Dictionary<string, Cell> cells = [];
        foreach (MatrixOperation operation in MatrixOperations.All)
        {
            long begun = TimeProvider.System.GetTimestamp();
            cells[operation.Name] = await operation.JudgeAsync(bench);
            output.WriteLine($"{operation.Name}: {cells[operation.Name].Outcome}, {TimeProvider.System.GetElapsedTime(begun).TotalSeconds:f1} s");
        }

        // The gateway keeps everything in memory.
        await origin.EmptyAsync();
        return new ClientColumn(kind.Name, version, cells);
    }
}
