using System.ComponentModel;
using System.Runtime.InteropServices;

namespace S3Proxy.Demo.Peers.Client;

/// <summary>poll(2) with time-outs finer than a millisecond. Linux only.</summary>
internal static partial class Poll
{
    /// <summary>Something can be read, the other side has closed, or the connection is broken.</summary>
    public const short Readable = 1;

    private const int Interrupted = 4;

    /// <summary>Waits until a descriptor is ready, for <paramref name="limit"/> at most. Negative descriptors are left out.</summary>
    /// <returns>How many are ready; their <see cref="Entry.Returned"/> is not 0.</returns>
    public static int Wait(Span<Entry> entries, TimeSpan limit)
    {
        long nanoseconds = Math.Max(0, limit.Ticks * TimeSpan.NanosecondsPerTick);
        Timeout timeout = new(nanoseconds / 1_000_000_000, nanoseconds % 1_000_000_000);
        int ready = PollWithTimeout(ref MemoryMarshal.GetReference(entries), (nuint)entries.Length, in timeout, 0);
        int error = Marshal.GetLastPInvokeError();
        return ready >= 0 || error == Interrupted ? Math.Max(0, ready) : throw new Win32Exception(error);
    }

    [LibraryImport("libc", EntryPoint = "ppoll", SetLastError = true)]
    private static partial int PollWithTimeout(ref Entry entries, nuint count, in Timeout timeout, nint signals);

    /// <summary>struct pollfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Entry
    {
        public int Descriptor;
        public short Wanted;
        public short Returned;
    }

    /// <summary>struct timespec of 64-bit systems.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Timeout(long Seconds, long Nanoseconds);
}
