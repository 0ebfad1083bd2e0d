using System.Runtime.InteropServices;

namespace S3Proxy.Native;

/// <summary>
/// What a socket takes at once, without waiting (64-bit Linux). All calls return the bytes taken, 0 when the socket is full, and less than 0 when the
/// connection cannot be written to any more, a closed handle included.
/// </summary>
internal static unsafe class SocketOutput
{
    private const int Failed = -1;

    /// <summary>Sends a copy of <paramref name="bytes"/>.</summary>
    /// <param name="socket">A connected stream socket.</param>
    /// <param name="bytes">At least one byte.</param>
    /// <param name="moreFollows">True when more is sent at once, so that a short segment may wait for it.</param>
    public static int TrySend(SafeHandle socket, ReadOnlySpan<byte> bytes, bool moreFollows)
    {
        int flags = LibC.MessageDontWait | LibC.MessageNoSignal | (moreFollows ? LibC.MessageMore : 0);
        try
        {
            fixed (byte* first = bytes)
            {
                nint sent;
                do
                {
                    sent = LibC.Send(socket, first, bytes.Length, flags);
                }
                while (sent < 0 && Marshal.GetLastPInvokeError() == LibC.Interrupted);
                return Outcome(sent);
            }
        }
        catch (ObjectDisposedException)
        {
            return Failed;
        }
    }

    /// <summary>Sends a copy of stretches of memory, one behind the other, by one call. Nothing is sent, and 0 returned, when there are none.</summary>
    /// <param name="socket">A connected stream socket.</param>
    /// <param name="vectors">None empty.</param>
    /// <param name="moreFollows">True when more is sent at once, so that a short segment may wait for it.</param>
    public static int TrySend(SafeHandle socket, ReadOnlySpan<OutputVector> vectors, bool moreFollows)
    {
        if (vectors.IsEmpty)
        {
            return 0;
        }

        int flags = LibC.MessageDontWait | LibC.MessageNoSignal | (moreFollows ? LibC.MessageMore : 0);
        try
        {
            fixed (OutputVector* first = vectors)
            {
                MessageHeader message = new() { Vectors = first, VectorCount = vectors.Length };
                nint sent;
                do
                {
                    sent = LibC.SendMessage(socket, &message, flags);
                }
                while (sent < 0 && Marshal.GetLastPInvokeError() == LibC.Interrupted);
                return Outcome(sent);
            }
        }
        catch (ObjectDisposedException)
        {
            return Failed;
        }
    }

    /// <summary>
    /// Sends a stretch of <paramref name="file"/> without a copy: the socket refers to the file's memory until the other side has it. The caller keeps the
    /// file open, and the stretch unpunched, during the call; and unwritten for ever after.
    /// </summary>
    /// <param name="socket">A connected stream socket whose handle does not block.</param>
    /// <param name="file">Descriptor of the file.</param>
    /// <param name="offset">First byte in the file.</param>
    /// <param name="count">At least one byte.</param>
    public static int TrySendFile(SafeHandle socket, int file, long offset, int count)
    {
        try
        {
            nint sent;
            do
            {
                sent = LibC.SendFile(socket, file, ref offset, count);
            }
            while (sent < 0 && Marshal.GetLastPInvokeError() == LibC.Interrupted);

            // Nothing sent and no error is the end of the file, which is never reached.
            return sent == 0 ? Failed : Outcome(sent);
        }
        catch (ObjectDisposedException)
        {
            return Failed;
        }
    }

    private static int Outcome(nint sent)
    {
        if (sent >= 0)
        {
            return (int)sent;
        }

        return Marshal.GetLastPInvokeError() == LibC.Again ? 0 : Failed;
    }
}
