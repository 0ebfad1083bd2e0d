using System.Net;
using System.Net.Sockets;

namespace S3Proxy.Demo.Coalescing;

/// <summary>A client with a loopback address of its own, which is how the proxy tells clients without keys apart.</summary>
internal sealed class AddressedClient : IDisposable
{
    private readonly HttpClient _client;

    /// <param name="endpoint">The proxy.</param>
    /// <param name="number">1 to 254; the client's address is 127.0.1.NUMBER.</param>
    public AddressedClient(Uri endpoint, int number)
    {
        IPEndPoint local = new(new IPAddress([127, 0, 1, (byte)number]), 0);
        _client = new HttpClient(new SocketsHttpHandler
        {
            MaxConnectionsPerServer = int.MaxValue,
            UseProxy = false,
            ConnectCallback = async (context, cancellationToken) =>
            {
                Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                try
                {
                    socket.Bind(local);
                    await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        })
        { BaseAddress = endpoint };
    }

    /// <summary>Reads an object; false when the answer is not a whole body of <paramref name="bodyBytes"/>.</summary>
    public async Task<bool> ReadAsync(string key, int bodyBytes, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await _client.GetAsync("/bucket/" + key, cancellationToken);
        return response.IsSuccessStatusCode && response.Content.Headers.ContentLength == bodyBytes;
    }

    public void Dispose() => _client.Dispose();
}
