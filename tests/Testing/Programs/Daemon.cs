using System.Diagnostics;

namespace S3Proxy.Testing.Programs;

/// <summary>
/// One daemon, run under a shell that ends it when this process ends, in whatever way: the shell waits for the end of its input, whose other side only this process
/// holds. (The kernel's parent-death signal alone will not do, it follows the thread that started the child; it only stands by for the death of the shell.)
/// </summary>
internal sealed class Daemon : IDisposable
{
    private const string Supervise = """
        log=$1; shift
        exec 3<&0 2>/dev/null
        setpriv --pdeathsig KILL "$@" </dev/null >>"$log" 2>&1 3<&- &
        daemon=$!
        { read -r _ <&3; kill -KILL $daemon; } >/dev/null 2>&1 &
        watch=$!
        wait $daemon
        status=$?
        kill $watch 2>/dev/null
        exit $status
        """;

    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(20);
    private readonly Process _shell;

    private Daemon(string name, Process shell)
    {
        Name = name;
        _shell = shell;
    }

    public string Name { get; }

    /// <summary>Whether it ended before it was told to.</summary>
    public bool HasEnded => _shell.HasExited;

    /// <summary>Starts a program that stays in the foreground.</summary>
    /// <param name="name">For messages.</param>
    /// <param name="directory">Where it runs.</param>
    /// <param name="output">File that what it prints is added to.</param>
    /// <param name="command">The program and its arguments.</param>
    public static Daemon Start(string name, string directory, string output, params string[] command)
    {
        ProcessStartInfo start = new("/bin/sh", ["-c", Supervise, "sh", output, .. command]) { RedirectStandardInput = true, WorkingDirectory = directory };
        return new Daemon(name, Process.Start(start)!);
    }

    /// <summary>Kills it and waits until it is gone. Its data are not kept.</summary>
    public void Dispose()
    {
        _shell.StandardInput.Close();
        if (!_shell.WaitForExit(StopLimit))
        {
            _shell.Kill(entireProcessTree: true);
        }

        _shell.Dispose();
    }
}
