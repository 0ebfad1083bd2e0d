using System.Net;
using System.Net.Sockets;

namespace S3Proxy.Tests;

/// <summary>Two ends of a TCP connection on loopback.</summary>
internal sealed class SocketPair : IDisposable
{
    private SocketPair(Socket server, Socket client)
    {
        Server = server;
        Client = client;
    }

    /// <summary>The end of the proxy in the tests; its handle does not block.</summary>
    public Socket Server { get; }

    public Socket Client { get; }

    /// <param name="bufferBytes">Size of the send buffer here and of the receive buffer there; null for the usual.</param>
    public static async Task<SocketPair> ConnectAsync(int? bufferBytes = null)
    {
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (bufferBytes is { } bytes)
        {
            client.ReceiveBufferSize = bytes;
        }

        Task<Socket> accepting = listener.AcceptAsync();
        await client.ConnectAsync(listener.LocalEndPoint!);
        Socket server = await accepting;
        server.NoDelay = true;
        if (bufferBytes is { } limit)
        {
            server.SendBufferSize = limit;
        }

        server.Blocking = false;
        return new SocketPair(server, client);
    }

    /// <summary>Receives exactly <paramref name="count"/> bytes, or what came before the end.</summary>
    public async Task<byte[]> ReceiveAsync(int count)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        byte[] bytes = new byte[count];
        int length = 0;
        int read;
        while (length < count && (read = await Client.ReceiveAsync(bytes.AsMemory(length), limit.Token)) > 0)
        {
            length += read;
        }

        return bytes[..length];
    }

    public void Dispose()
    {
        Server.Dispose();
        Client.Dispose();
    }
}
