using System.Net;
using System.Net.Sockets;

namespace S3Proxy.ConformanceTests.Clients;

/// <summary>HTTP clients for names that only these tests know: every one is found on 127.0.0.1.</summary>
internal static class Loopback
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    public static HttpClient CreateClient() => new(new SocketsHttpHandler
    {
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectCallback = static async (context, token) =>
        {
            Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, context.DnsEndPoint.Port), token);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    })
    {
        Timeout = Limit,
    };
}
