using S3Proxy.Configuration;
using S3Proxy.ConformanceTests.Clients.Results;
using S3Proxy.Testing.Ceph;
using Xunit.Abstractions;

namespace S3Proxy.ConformanceTests.Clients;

/// <summary>The proxies that the clients are pointed at, and what was seen of them.</summary>
public sealed class ClientProxies(GatewayFixture fixture) : IAsyncLifetime
{
    private readonly SeenColumns _seen = new();
    private ClientProxy? _signed;
    private ClientProxy? _anonymous;

    internal ClientProxy Signed => _signed ?? throw new InvalidOperationException("There is no gateway.");

    internal ClientProxy Anonymous => _anonymous ?? throw new InvalidOperationException("There is no gateway.");

    internal SeenColumns Seen => _seen;

    public async Task InitializeAsync()
    {
        if (fixture.Gateway is { } gateway)
        {
            _signed = await ClientProxy.StartAsync(gateway, AuthMode.SigV4);
            _anonymous = await ClientProxy.StartAsync(gateway, AuthMode.Anonymous);
        }
    }

    public async Task DisposeAsync()
    {
        if (_signed is not null)
        {
            await _signed.DisposeAsync();
        }

        if (_anonymous is not null)
        {
            await _anonymous.DisposeAsync();
        }

        _seen.WriteIfAsked();
    }

    internal RadosGateway? FindGateway(ITestOutputHelper output) => fixture.Find(output);
}
