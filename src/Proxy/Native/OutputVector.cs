using System.Runtime.InteropServices;

namespace S3Proxy.Native;

/// <summary>A stretch of memory to be sent (POSIX <c>struct iovec</c>).</summary>
/// <param name="Address">Its first byte, which stays where it is.</param>
/// <param name="Bytes">Its length.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly unsafe record struct OutputVector(nint Address, nint Bytes)
{
    /// <param name="address">Its first byte, which stays where it is.</param>
    /// <param name="bytes">Its length.</param>
    public OutputVector(byte* address, int bytes)
        : this((nint)address, bytes)
    {
    }

    /// <summary>Sum of the lengths.</summary>
    public static int BytesOf(ReadOnlySpan<OutputVector> vectors)
    {
        nint bytes = 0;
        foreach (OutputVector vector in vectors)
        {
            bytes += vector.Bytes;
        }

        return (int)bytes;
    }
}
