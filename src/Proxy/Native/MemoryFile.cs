using System.Runtime.InteropServices;

namespace S3Proxy.Native;

/// <summary>
/// Memory that is a file without a name (<c>memfd_create</c>), mapped as a whole: what is written to <see cref="Address"/> can be sent to a socket with
/// <see cref="SocketOutput.TrySendFile"/> without a copy. Room is reserved, not taken: a page costs memory from the first write to it.
/// </summary>
/// <remarks>
/// Thread-safe. The kernel's own 4 KiB pages must stay apart, so large ones are refused for the mapping: a hole in the middle of a large page is
/// filled with zeros in place, and a socket that still holds it would send them.
/// </remarks>
internal sealed class MemoryFile : IDisposable
{
    private readonly int _file;
    private readonly nuint _mappedBytes;
    private volatile bool _hasKeptItsMemory;
    private int _isDisposed;

    private MemoryFile(int file, nint address, long bytes)
    {
        _file = file;
        _mappedBytes = (nuint)bytes;
        Address = address;
        Bytes = bytes;
    }

    /// <summary>True where such memory can exist: 64-bit Linux. A kernel or a sandbox may still refuse it.</summary>
    public static bool IsSupported { get; } = OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    /// <summary>Where the file begins in memory.</summary>
    public nint Address { get; }

    /// <summary>Length of file and mapping.</summary>
    public long Bytes { get; }

    /// <summary>The file for system calls; valid until disposed.</summary>
    public int Descriptor => _file;

    /// <summary>False after the system refused a <see cref="TryPunch"/>, which no known one does. Nothing is to be sent from the file any more.</summary>
    public bool CanPunch => !_hasKeptItsMemory;

    /// <summary>Makes a file of <paramref name="bytes"/>, all zeros; null, and the system's error number, where that is refused.</summary>
    public static MemoryFile? TryCreate(long bytes, out int error)
    {
        error = 0;
        if (!IsSupported)
        {
            return null;
        }

        int file = LibC.CreateMemoryFile("s3proxy-pages", LibC.MfdCloseOnExec | LibC.MfdNoExecSeal);
        if (file < 0 && Marshal.GetLastPInvokeError() == LibC.InvalidArgument)
        {
            // Before Linux 6.3 there was no such seal.
            file = LibC.CreateMemoryFile("s3proxy-pages", LibC.MfdCloseOnExec);
        }

        if (file < 0)
        {
            error = Marshal.GetLastPInvokeError();
            return null;
        }

        nint address = -1;
        if (LibC.SetLength(file, bytes) == 0)
        {
            address = LibC.Map(0, (nuint)bytes, LibC.ProtectRead | LibC.ProtectWrite, LibC.MapShared | LibC.MapNoReserve, file, 0);
        }

        // A kernel that was built without large pages does not know the advice, and needs none.
        if (address == -1 || (LibC.Advise(address, (nuint)bytes, LibC.AdviseNoHugePages) != 0 && Marshal.GetLastPInvokeError() != LibC.InvalidArgument))
        {
            error = Marshal.GetLastPInvokeError();
            if (address != -1)
            {
                _ = LibC.Unmap(address, (nuint)bytes);
            }

            _ = LibC.Close(file);
            return null;
        }

        return new MemoryFile(file, address, bytes);
    }

    /// <summary>
    /// Gives the memory behind a stretch back to the system; it reads as zeros and is new memory when written again. A socket that was given the old
    /// memory keeps it. False when the system refuses: the memory is as it was, and <see cref="CanPunch"/> is false from now on.
    /// </summary>
    public bool TryPunch(long offset, long bytes)
    {
        int result;
        do
        {
            result = LibC.Allocate(_file, LibC.FallocatePunchHole | LibC.FallocateKeepSize, offset, bytes);
        }
        while (result != 0 && Marshal.GetLastPInvokeError() == LibC.Interrupted);

        _hasKeptItsMemory |= result != 0;
        return result == 0;
    }

    /// <summary>Unmaps and closes. What sockets hold of it they keep.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            _ = LibC.Unmap(Address, _mappedBytes);
            _ = LibC.Close(_file);
        }
    }
}
