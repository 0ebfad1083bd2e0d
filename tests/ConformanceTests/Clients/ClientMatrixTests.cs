using System.Collections.Concurrent;
using S3Proxy.ConformanceTests.Clients.Results;
using Xunit.Abstractions;

namespace S3Proxy.ConformanceTests.Clients;

/// <summary>
/// Clients of S3 as people run them do everything they offer through the proxy before a real server, every byte right, and docs/clients.md says so; requirements S8 and S10.
/// A client that is not installed is not judged.
/// </summary>
[Collection(OneGateway.Name)]
public sealed class ClientMatrixTests(GatewayFixture fixture, ITestOutputHelper output)
{
    /// <summary>Names of clients, with commas between them: only these are run.</summary>
    private const string OnlyVariable = "S3PROXY_CLIENTS";

    /// <summary>Most clients spend their time on starting.</summary>
    private const int ClientsAtOnce = 2;

    [Fact]
    public async Task Every_client_does_what_it_offers()
    {
        if (fixture.Find(output) is not { } gateway)
        {
            return;
        }

        await using MatrixRun run = await MatrixRun.StartAsync(gateway);
        string[]? only = Environment.GetEnvironmentVariable(OnlyVariable)?.Split(',');
        ConcurrentDictionary<string, ClientColumn> seen = new();
        await Parallel.ForEachAsync(
            ClientKinds.All.Where(kind => only?.Contains(kind.Name) ?? true),
            new ParallelOptions { MaxDegreeOfParallelism = ClientsAtOnce },
            async (kind, _) =>
            {
                if (await run.TryAsync(kind) is { } column)
                {
                    seen[kind.Name] = column;
                }
                else
                {
                    output.WriteLine($"{kind.Name} not run: {kind.Missing}.");
                }
            });

        ClientColumn[] columns = [.. ClientKinds.All.Where(kind => seen.ContainsKey(kind.Name)).Select(kind => seen[kind.Name])];
        output.WriteLine(ClientTable.Write(columns));
        output.WriteLine(ClientTable.WriteTimes(columns));
        ClientDocument.WriteIfAsked(columns);
        string[] failures =
        [
            .. columns.SelectMany(column => column.Cells.Where(cell => cell.Value.Outcome == CellOutcome.Failed)
                .Select(cell => $"{column.Client} {column.Version}, {cell.Key}: {cell.Value.Note}")),
        ];
        Assert.True(failures.Length == 0, string.Join('\n', failures));
        string[] differences = [.. columns.SelectMany(ClientDocument.FindDifferences)];
        Assert.True(differences.Length == 0, $"docs/clients.md says something else; {ClientDocument.WriteVariable}=1 writes it anew.\n{string.Join('\n', differences)}");
    }
}
