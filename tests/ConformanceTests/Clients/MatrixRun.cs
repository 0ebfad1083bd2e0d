using S3Proxy.Configuration;
using S3Proxy.ConformanceTests.Clients.Operations;
using S3Proxy.ConformanceTests.Clients.Results;
using S3Proxy.ConformanceTests.Differential;
using S3Proxy.Testing.Ceph;

namespace S3Proxy.ConformanceTests.Clients;

/// <summary>The proxies that clients are pointed at, one a way of telling clients apart, before one gateway. Thread-safe.</summary>
internal sealed class MatrixRun : IAsyncDisposable
{
    private readonly RadosGateway _gateway;
    private static readonly ProxyVariant Usual = ProxyVariant.Usual with { SliceBytes = 1 << 20 };
    private readonly ConformanceProxy _signed;
    private readonly ConformanceProxy _anonymous;
    private readonly ConformanceProxy _passthrough;

    private MatrixRun(RadosGateway gateway, ConformanceProxy signed, ConformanceProxy anonymous, ConformanceProxy passthrough)
    {
        _gateway = gateway;
        _signed = signed;
        _anonymous = anonymous;
        _passthrough = passthrough;
    }

    public static async Task<MatrixRun> StartAsync(RadosGateway gateway) => new(
        gateway,
        await ConformanceProxy.StartAsync(gateway, Usual),
        await ConformanceProxy.StartAsync(gateway, Usual with { Auth = AuthMode.Anonymous }),
        await ConformanceProxy.StartAsync(gateway, Usual with { Auth = AuthMode.Passthrough }));

    /// <summary>Has a client do everything, in a bucket of its own; null when it is not installed.</summary>
    public async Task<ClientColumn?> TryAsync(ClientKind kind)
    {
        using TemporaryDirectory home = new();
        if (await kind.FindVersionAsync(home.Path) is not { } version)
        {
            return null;
        }

        using OriginBucket origin = await OriginBucket.CreateAsync(_gateway, $"matrix-{kind.Slug}");
        await using MatrixBench bench = await MatrixBench.OpenAsync(kind, home.Path, AccessTo(origin.Name), origin);
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
        await _passthrough.DisposeAsync();
    }

    private MatrixAccess AccessTo(string bucket) => new()
    {
        Signed = new ClientAccess(_signed.Endpoint, bucket, ConformanceProxy.ClientKeyId, ConformanceProxy.ClientSecret),
        Anonymous = new ClientAccess(_anonymous.Endpoint, bucket, AccessKey: null, SecretKey: null),
        Passthrough = new ClientAccess(_passthrough.Endpoint, bucket, _gateway.AccessKey, _gateway.SecretKey),
        PassthroughStranger = new ClientAccess(_passthrough.Endpoint, bucket, _gateway.AltAccessKey, _gateway.AltSecretKey),
        Direct = new ClientAccess(_gateway.Endpoint, bucket, _gateway.AccessKey, _gateway.SecretKey),
    };
}
