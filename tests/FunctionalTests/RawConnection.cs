using System.Net;
using System.Net.Sockets;
using System.Text;

namespace S3Proxy.FunctionalTests;

/// <summary>A bare TCP connection to the proxy, for requests and behaviour that no HTTP library would allow itself.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly Socket _socket;

    private RawConnection(Socket socket) => _socket = socket;

    /// <param name="endpoint">Where to.</param>
    /// <param name="receiveBufferBytes">Size of the kernel's receive buffer; null for the usual.</param>
    public static async Task<RawConnection> OpenAsync(Uri endpoint, int? receiveBufferBytes = null)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBufferBytes is { } bytes)
        {
            socket.ReceiveBufferSize = bytes;
        }

        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, endpoint.Port));
        return new RawConnection(socket);
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>Sends the text as Latin-1.</summary>
    public async Task SendAsync(string text) => await _socket.SendAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>Receives up to <paramref name="bytes"/> bytes; fewer when the other side ended the connection.</summary>
    public async Task<byte[]> ReceiveAsync(int bytes)
    {
        byte[] buffer = new byte[bytes];
        int length = 0;
        int read;
        while (length < bytes && (read = await _socket.ReceiveAsync(buffer.AsMemory(length))) > 0)
        {
            length += read;
        }

        return buffer[..length];
    }

    /// <summary>Receives until the other side ends the connection, in whatever way.</summary>
    public async Task<string> ReceiveToEndAsync()
    {
        StringBuilder text = new();
        byte[] buffer = new byte[64 * 1024];
        try
        {
            int read;
            while ((read = await _socket.ReceiveAsync(buffer)) > 0)
            {
                text.Append(Encoding.Latin1.GetString(buffer, 0, read));
            }
        }
        catch (SocketException)
        {
            // A reset after an answer; what came before counts.
        }

        return text.ToString();
    }

    /// <summary>Tells that nothing more will be sent; answers still come.</summary>
    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Ends the connection with a reset.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Close();
    }
}
