using System.Runtime.InteropServices;

namespace S3Proxy.Native;

/// <summary>What <c>sendmsg</c> sends (<c>struct msghdr</c> of 64-bit Linux). A connected socket needs the vectors only.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MessageHeader
{
    /// <summary>Address of the receiver, and its length.</summary>
    public void* Name;
    public nint NameBytes;

    /// <summary>What is sent, in this order.</summary>
    public OutputVector* Vectors;
    public nint VectorCount;

    /// <summary>Ancillary data, and its length.</summary>
    public void* Control;
    public nint ControlBytes;

    /// <summary>Set by receiving.</summary>
    public nint Flags;
}
