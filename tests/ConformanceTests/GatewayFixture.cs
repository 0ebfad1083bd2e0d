using S3Proxy.Testing.Ceph;
using Xunit.Abstractions;

namespace S3Proxy.ConformanceTests;

/// <summary>The one gateway of all tests in <see cref="OneGateway"/>.</summary>
public sealed class GatewayFixture : IAsyncLifetime
{
    private RadosGateway? _gateway;

    public async Task InitializeAsync()
    {
        if (RadosGateway.FindMissing() is null)
        {
            _gateway = await RadosGateway.StartAsync();
        }
    }

    public async Task DisposeAsync()
    {
        if (_gateway is not null)
        {
            await _gateway.DisposeAsync();
        }
    }

    /// <summary>The gateway, or null with the reason printed when it is not installed.</summary>
    public RadosGateway? Find(ITestOutputHelper output)
    {
        if (_gateway is null)
        {
            output.WriteLine(RadosGateway.FindMissing());
        }

        return _gateway;
    }
}
