using System.Net;
using System.Net.Sockets;
using S3Proxy.Configuration;
using S3Proxy.FastPath;

namespace S3Proxy.Transport.Loops;

/// <summary>How connections of a port are served.</summary>
/// <param name="IsInline">True: requests begin on the thread that heard of them (<c>listen.inlineScheduling</c>); false: on the pool.</param>
/// <param name="SendsPages">True: bodies go from memory to the socket (<c>listen.zeroCopy</c>).</param>
/// <param name="RefersLocally">True: pages are referred to for clients on this machine too.</param>
/// <param name="Instant">Answers what can be answered at once (<c>listen.fastPath</c>); null: the server answers everything.</param>
internal sealed record LoopConnectionOptions(bool IsInline, bool SendsPages, bool RefersLocally, InstantAnswers? Instant = null)
{
    /// <summary>
    /// Send buffer of a client at loopback, in bytes; the system doubles it for what it keeps beside them. There is no way to fill but memory, and what the client has not read yet is still in the processor's
    /// cache when it does. The system's own choice, which grows to 4 MiB, stays where the network is between.
    /// </summary>
    public const int LocalSendBufferBytes = 512 * 1024;

    /// <summary>What the configuration says.</summary>
    public static LoopConnectionOptions Of(ListenConfiguration listen, InstantAnswers? instant) => new(listen.InlineScheduling, listen.ZeroCopy, listen.ZeroCopyPolicy.RefersLocally, instant);

    /// <summary>True where a socket may refer to a page instead of copying it, where that pays.</summary>
    public bool MayReferTo(Socket socket) => RefersLocally || !IsOnThisMachine(socket.RemoteEndPoint, socket.LocalEndPoint);

    /// <summary>Sets what a socket needs that was just accepted.</summary>
    /// <exception cref="SocketException">The client has gone again.</exception>
    public static void Prepare(Socket socket)
    {
        socket.NoDelay = true;
        socket.Blocking = false;
        if (SendBufferBytesFor(socket.RemoteEndPoint) is { } bytes)
        {
            socket.SendBufferSize = bytes;
        }
    }

    /// <summary>
    /// Size of a client's send buffer; null for the system's own choice. Only loopback has nothing between: a client at our own address may come from far, if somebody gives that to those who pass (a node of Kubernetes does).
    /// </summary>
    public static int? SendBufferBytesFor(EndPoint? client) => IsLoopback(client) ? LocalSendBufferBytes : null;

    private static bool IsLoopback(EndPoint? client) => client is not IPEndPoint address || IPAddress.IsLoopback(address.Address);

    private static bool IsOnThisMachine(EndPoint? client, EndPoint? server) => IsLoopback(client) || ((IPEndPoint)client!).Address.Equals((server as IPEndPoint)?.Address);
}
