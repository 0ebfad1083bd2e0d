using System.Runtime.InteropServices;

namespace S3Proxy.Testing.Programs;

/// <summary>Signals to processes that tests started (POSIX kill).</summary>
internal static partial class Signals
{
    /// <summary>Stops a process where it stands: its sockets stay open, and nobody answers.</summary>
    public static void Stop(int processId) => Send(processId, ProcessSignal.Stop);

    /// <summary>Lets it go on.</summary>
    public static void Resume(int processId) => Send(processId, ProcessSignal.Continue);

    /// <exception cref="InvalidOperationException">There is no such process.</exception>
    public static void Send(int processId, ProcessSignal signal)
    {
        if (Kill(processId, (int)signal) != 0)
        {
            throw new InvalidOperationException($"Signal {signal} for process {processId} failed with {Marshal.GetLastPInvokeError()}.");
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int processId, int signal);
}
