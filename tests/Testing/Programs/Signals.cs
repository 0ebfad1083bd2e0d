using System.Runtime.InteropServices;

namespace S3Proxy.Testing.Programs;

/// <summary>Signals to processes that tests started (POSIX kill; the numbers are Linux').</summary>
internal static partial class Signals
{
    private const int Continue = 18;
    private const int Pause = 19;

    /// <summary>Stops a process where it stands: its sockets stay open, and nobody answers.</summary>
    public static void Stop(int processId) => Send(processId, Pause);

    /// <summary>Lets it go on.</summary>
    public static void Resume(int processId) => Send(processId, Continue);

    private static void Send(int processId, int signal)
    {
        if (Kill(processId, signal) != 0)
        {
            throw new InvalidOperationException($"Signal {signal} for process {processId} failed with {Marshal.GetLastPInvokeError()}.");
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int processId, int signal);
}
