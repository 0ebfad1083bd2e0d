using System.Buffers.Binary;
using System.Net.Sockets;

namespace S3Proxy.Testing.Origin.Server;

/// <summary>
/// Waits until the peer's kernel has acknowledged everything that was written to a socket, because a reset throws away what has not left yet.
/// The kernel tells this only when asked, so it is asked every millisecond; only connections about to be reset come here.
/// </summary>
internal static class SocketDrain
{
    // getsockopt(IPPROTO_TCP, TCP_INFO); offsets within struct tcp_info of linux/tcp.h, whose fields never move.
    private const int TcpLevel = 6;
    private const int TcpInfoOption = 11;
    private const int UnackedSegmentsOffset = 24;
    private const int UnsentBytesOffset = 144;
    private const int InfoBytes = UnsentBytesOffset + sizeof(uint);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(1);

    /// <summary>Does not wait where the system is not Linux: there a reset may lose bytes.</summary>
    public static async Task WaitAsync(Socket socket, CancellationToken cancellationToken)
    {
        while (OperatingSystem.IsLinux() && HasUnacknowledged(socket))
        {
            await Task.Delay(Interval, TimeProvider.System, cancellationToken);
        }
    }

    private static bool HasUnacknowledged(Socket socket)
    {
        Span<byte> info = stackalloc byte[InfoBytes];
        return socket.GetRawSocketOption(TcpLevel, TcpInfoOption, info) == InfoBytes
            && (BinaryPrimitives.ReadUInt32LittleEndian(info[UnackedSegmentsOffset..]) > 0
                || BinaryPrimitives.ReadUInt32LittleEndian(info[UnsentBytesOffset..]) > 0);
    }
}
