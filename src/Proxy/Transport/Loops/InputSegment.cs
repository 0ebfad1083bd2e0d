using System.Buffers;

namespace S3Proxy.Transport.Loops;

/// <summary>The one piece of a sequence of received bytes, so that positions in it are indexes of the array.</summary>
internal sealed class InputSegment : ReadOnlySequenceSegment<byte>
{
    /// <summary>The bytes of <paramref name="array"/> from <paramref name="start"/> to <paramref name="end"/>, until called anew.</summary>
    public ReadOnlySequence<byte> Of(byte[] array, int start, int end)
    {
        Memory = array;
        return new ReadOnlySequence<byte>(this, start, this, end);
    }
}
