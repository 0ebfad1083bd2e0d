using S3Proxy.Configuration;
using S3Proxy.ConformanceTests.Clients.Operations;
using S3Proxy.ConformanceTests.Clients.Results;
using S3Proxy.Testing.Ceph;

namespace S3Proxy.ConformanceTests.Clients;

/// <summary>The proxies that clients are pointed at, one a way of telling clients apart, before one gateway. Thread-safe.</summary>
internal sealed class MatrixRun : IAsyncDisposable
{
    private readonly RadosGateway _gateway;
    private readonly ClientProxy _signed;
    private readonly ClientProxy _anonymous;

    private MatrixRun(RadosGateway gateway, ClientProxy signed, ClientProxy anonymous)
    {
        _gateway = gateway;
        _signed = signed;
        _anonymous = anonymous;
    }

    public static async Task<MatrixRun> StartAsync(RadosGateway gateway) =>
        new(gateway, await ClientProxy.StartAsync(gateway, AuthMode.SigV4), await ClientProxy.StartAsync(gateway, AuthMode.Anonymous));

    /// <summary>Has a client do everything, in a bucket of its own; null when it is not installed.</summary>
    public async Task<ClientColumn?> TryAsync(ClientKind kind)
    {
        using TemporaryDirectory home = new();
        if (await kind.FindVersionAsync(home.Path) is not { } version)
        {
            return null;
        }

        using OriginBucket origin = await OriginBucket.CreateAsync(_gateway, $"matrix-{kind.Slug}");
        await using MatrixBench bench = await MatrixBench.OpenAsync(kind, home.Path, _signed.AccessTo(origin.Name), _anonymous.AccessTo(origin.Name), origin);
        Dictionary<string, Cell> cells = [];
        foreach (MatrixOperation operation in MatrixOperations.All)
        {
            cells[operation.Name] = await operation.JudgeAsync(bench);
        }

        // The gateway keeps everything in memory.
        await origin.EmptyAsync();
        return new ClientColumn(kind.Name, version, cells);
    }

    public async ValueTask DisposeAsync()
    {
        await _signed.DisposeAsync();
        await _anonymous.DisposeAsync();
    }
}
