using System.Diagnostics;
using System.Globalization;

namespace S3Proxy.Testing.Programs;

/// <summary>
/// A server that a test runs, under a shell that ends it when this process ends, in whatever way: the shell waits for the end of its input, whose other side only this
/// process holds. (The kernel's parent-death signal alone will not do, it follows the thread that started the child; it only stands by for the death of the shell.)
/// Thread-safe, but for starting and disposing.
/// </summary>
public sealed class SupervisedProcess : IAsyncDisposable
{
    private const string IdPrefix = "process-id ";
    private const string Supervise = """
        errors=$1; signal=$2; shift 2
        exec 3<&0
        setpriv --pdeathsig KILL "$@" </dev/null 2>>"$errors" 3<&- &
        child=$!
        echo "process-id $child"
        exec >/dev/null 2>&1
        { read -r _ <&3; kill -$signal $child; } &
        watch=$!
        wait $child
        status=$?
        kill $watch
        exit $status
        """;

    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(20);
    private readonly Process _shell;

    private SupervisedProcess(Process shell, int id, string errorFile)
    {
        _shell = shell;
        Id = id;
        ErrorFile = errorFile;
    }

    /// <summary>Its process id.</summary>
    public int Id { get; }

    /// <summary>Gets its standard error; is appended to.</summary>
    public string ErrorFile { get; }

    /// <summary>Whether it has ended, by itself or not.</summary>
    public bool HasEnded => _shell.HasExited;

    /// <summary>Processor time used so far; zero when it has ended.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            try
            {
                using Process process = Process.GetProcessById(Id);
                return process.TotalProcessorTime;
            }
            catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
            {
                return TimeSpan.Zero;
            }
        }
    }

    /// <summary>What this machine lacks to run anything under supervision; null when nothing.</summary>
    public static string? FindMissing() =>
        OperatingSystem.IsLinux() && File.Exists("/bin/sh") && InstalledProgram.Find("setpriv", "/") is not null
            ? null
            : "Processes are supervised with Linux' /bin/sh and setpriv (util-linux), which are not there.";

    /// <summary>Starts a program.</summary>
    /// <param name="command">Absolute path and arguments.</param>
    /// <param name="errorFile">Gets what it writes to standard error.</param>
    /// <param name="environment">Variables it is to have besides this process' own.</param>
    /// <param name="onLine">Called with every line of its standard output, one at a time.</param>
    /// <param name="lastSignal">What ends it when it is disposed of. A server that has processes of its own needs one that it can act on: <see cref="ProcessSignal.Terminate"/>.</param>
    public static async Task<SupervisedProcess> StartAsync(
        IReadOnlyList<string> command,
        string errorFile,
        IReadOnlyDictionary<string, string> environment,
        Action<string> onLine,
        ProcessSignal lastSignal = ProcessSignal.Kill)
    {
        string signal = ((int)lastSignal).ToString(CultureInfo.InvariantCulture);
        ProcessStartInfo start = new("/bin/sh", ["-c", Supervise, "sh", errorFile, signal, .. command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach ((string variable, string value) in environment)
        {
            start.Environment[variable] = value;
        }

        TaskCompletionSource<int> id = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Process shell = new() { StartInfo = start };
        shell.OutputDataReceived += (_, line) => OnLine(line.Data, id, onLine);
        shell.Start();
        shell.BeginOutputReadLine();
        try
        {
            return new SupervisedProcess(shell, await id.Task, errorFile);
        }
        catch
        {
            shell.StandardInput.Close();
            shell.Dispose();
            throw;
        }
    }

    /// <summary>Sends a signal. Nothing happens to a process that has ended.</summary>
    public void Send(ProcessSignal signal)
    {
        if (!HasEnded)
        {
            Signals.Send(Id, signal);
        }
    }

    /// <summary>Waits until it has ended and gives its exit code; 128 and the signal's number when a signal ended it.</summary>
    public async Task<int> WaitForEndAsync(CancellationToken cancellationToken)
    {
        await _shell.WaitForExitAsync(cancellationToken);
        return _shell.ExitCode;
    }

    /// <summary>Sends the last signal and waits until it is gone; kills it when that takes too long.</summary>
    public async ValueTask DisposeAsync()
    {
        _shell.StandardInput.Close();
        using CancellationTokenSource limit = new(StopLimit);
        try
        {
            await _shell.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _shell.Kill(entireProcessTree: true);
        }

        _shell.Dispose();
    }

    private static void OnLine(string? line, TaskCompletionSource<int> id, Action<string> onLine)
    {
        if (line is null)
        {
            id.TrySetException(new IOException("The supervising shell ended before it had started anything."));
        }
        else if (!id.Task.IsCompleted && line.StartsWith(IdPrefix, StringComparison.Ordinal))
        {
            id.TrySetResult(int.Parse(line.AsSpan(IdPrefix.Length), CultureInfo.InvariantCulture));
        }
        else
        {
            onLine(line);
        }
    }
}
