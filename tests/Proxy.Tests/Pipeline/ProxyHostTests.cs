using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using S3Proxy.Draining;
using S3Proxy.Fleet;
using S3Proxy.Pipeline;
using S3Proxy.Tests.Configuration;

namespace S3Proxy.Tests.Pipeline;

/// <summary>docs/decisions/0021: the order in which the host ends.</summary>
public sealed class ProxyHostTests
{
    [Fact]
    public async Task Connections_are_drained_while_the_replica_is_still_a_member()
    {
        await using WebApplication app = ProxyHost.Build(
            Configurations.Valid(Configurations.Least + "\ncache: { redis: { connection: \"127.0.0.1:1\" } }\n"), logging => logging.SetMinimumLevel(LogLevel.None));

        IHostedService[] services = [.. app.Services.GetServices<IHostedService>()];

        // They stop in the reverse order, one after the other.
        Assert.Equal("GenericWebHostService", services[^1].GetType().Name);
        Assert.Contains(services[..^1], service => service is FleetMembership);
        Assert.False(app.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<HostOptions>>().Value.ServicesStopConcurrently);
        Assert.IsType<DrainLifetime>(app.Services.GetRequiredService<IHostLifetime>());
    }
}
