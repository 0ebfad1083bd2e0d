using System.Net;
using System.Net.Sockets;

namespace S3Proxy.Testing.Programs;

/// <summary>Ports of 127.0.0.1 for programs that cannot take a free one by themselves.</summary>
public static class FreePorts
{
    /// <summary>Different ports that nobody listens on. Another program may still come first, so that whoever uses them tries again.</summary>
    public static int[] Find(int count)
    {
        List<Socket> sockets = [];
        try
        {
            for (int i = 0; i < count; i++)
            {
                Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
                sockets.Add(socket);
                socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            }

            return [.. sockets.Select(socket => ((IPEndPoint)socket.LocalEndPoint!).Port)];
        }
        finally
        {
            sockets.ForEach(static socket => socket.Dispose());
        }
    }
}
