using System.Runtime.InteropServices;

namespace S3Proxy.Native;

/// <summary>What a socket has at once, without waiting (64-bit Linux).</summary>
internal static unsafe class SocketInput
{
    /// <summary>Nothing has come yet.</summary>
    public const int Nothing = -1;

    /// <summary>The connection cannot be read from any more, or its handle is closed.</summary>
    public const int Failed = -2;

    /// <summary>Receives into <paramref name="room"/>. Returns how many bytes came, 0 at their end, <see cref="Nothing"/> or <see cref="Failed"/>.</summary>
    /// <param name="socket">A connected stream socket.</param>
    /// <param name="room">At least one byte.</param>
    /// <param name="isPeek">True: what comes stays there.</param>
    public static int TryReceive(SafeHandle socket, Span<byte> room, bool isPeek = false)
    {
        int flags = LibC.MessageDontWait | (isPeek ? LibC.MessagePeek : 0);
        try
        {
            fixed (byte* first = room)
            {
                nint received;
                do
                {
                    received = LibC.Receive(socket, first, room.Length, flags);
                }
                while (received < 0 && Marshal.GetLastPInvokeError() == LibC.Interrupted);
                return received >= 0 ? (int)received : Marshal.GetLastPInvokeError() == LibC.Again ? Nothing : Failed;
            }
        }
        catch (ObjectDisposedException)
        {
            return Failed;
        }
    }
}
