using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using S3Proxy.Configuration;
using S3Proxy.Transport.Loops;

namespace S3Proxy.Transport;

/// <summary>Registers how client connections are accepted and written to.</summary>
internal static class TransportServices
{
    private const int ConnectBacklog = 8192;

    public static IServiceCollection AddTransport(this IServiceCollection services, ListenConfiguration listen)
    {
        // A herd connects at once; a connection beyond the backlog waits a second for its SYN to be sent again. The kernel caps it (net.core.somaxconn).
        services.Configure<SocketTransportOptions>(sockets => sockets.Backlog = ConnectBacklog);
        services.AddSingleton<DataPort>();
        services.AddSingleton<EventLoops>();
        services.AddSingleton<IConnectionListenerFactory>(provider => ActivatorUtilities.CreateInstance<ClientTransportFactory>(provider, listen));
        return services;
    }
}
