using System.Net;
using System.Net.Sockets;
using S3Proxy.Testing.Redis;

namespace S3Proxy.Testing.Tests.Redis;

public sealed class DelayingProxyTests
{
    [Fact]
    public async Task What_is_held_comes_when_it_is_released_and_dropped_connections_break()
    {
        using TcpListener server = new(IPAddress.Loopback, 0);
        server.Start();
        await using DelayingProxy proxy = new(((IPEndPoint)server.LocalEndpoint).Port);
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, proxy.Port);
        using TcpClient accepted = await server.AcceptTcpClientAsync();

        await client.GetStream().WriteAsync("a"u8.ToArray());
        Assert.Equal('a', accepted.GetStream().ReadByte());
        proxy.Hold();
        await client.GetStream().WriteAsync("b"u8.ToArray());
        byte[] one = new byte[1];
        ValueTask<int> held = accepted.GetStream().ReadAsync(one);
        Assert.False(held.IsCompleted);
        proxy.Release();
        Assert.Equal(1, await held);
        Assert.Equal((byte)'b', one[0]);

        Assert.Equal(1, proxy.DropConnections());
        Assert.Equal(0, await ReadToEndAsync(accepted));
    }

    private static async Task<int> ReadToEndAsync(TcpClient client)
    {
        try
        {
            return await client.GetStream().ReadAsync(new byte[1]);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
