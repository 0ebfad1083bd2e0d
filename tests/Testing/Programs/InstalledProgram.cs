using System.Diagnostics;

namespace S3Proxy.Testing.Programs;

/// <summary>A program of this machine that tests run, with variables and a working directory of its own. Killed by its process id when it takes too long. Immutable.</summary>
public sealed class InstalledProgram
{
    private static readonly TimeSpan DefaultLimit = TimeSpan.FromMinutes(2);
    private readonly IReadOnlyDictionary<string, string?> _environment;

    private InstalledProgram(string path, string workingDirectory, TimeSpan limit, IReadOnlyDictionary<string, string?> environment)
    {
        Path = path;
        WorkingDirectory = workingDirectory;
        Limit = limit;
        _environment = environment;
    }

    /// <summary>Absolute path of the program.</summary>
    public string Path { get; }

    public string WorkingDirectory { get; }

    /// <summary>How long one run may take.</summary>
    public TimeSpan Limit { get; }

    /// <summary>The program as PATH has it, or null when it is not installed.</summary>
    public static InstalledProgram? Find(string name, string workingDirectory) =>
        FindIn((Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator), name, workingDirectory);

    /// <summary>The program of the first of some directories that has it, or null.</summary>
    public static InstalledProgram? FindIn(IEnumerable<string> directories, string name, string workingDirectory)
    {
        string? path = directories.Select(directory => System.IO.Path.Combine(directory, name)).FirstOrDefault(File.Exists);
        return path is null ? null : new InstalledProgram(path, workingDirectory, DefaultLimit, new Dictionary<string, string?>());
    }

    /// <summary>With a variable set, or taken away when <paramref name="value"/> is null.</summary>
    public InstalledProgram With(string variable, string? value) =>
        new(Path, WorkingDirectory, Limit, new Dictionary<string, string?>(_environment) { [variable] = value });

    public InstalledProgram WithLimit(TimeSpan limit) => new(Path, WorkingDirectory, limit, _environment);

    /// <summary>Runs it to its end.</summary>
    /// <exception cref="TimeoutException">It took longer than <see cref="Limit"/> and was killed, with what it had started.</exception>
    public Task<ProgramResult> RunAsync(params string[] arguments) => RunAsync(static (output, token) => output.ReadToEndAsync(token), arguments);

    /// <summary>Runs it to its end with its standard output, byte by byte, in a file.</summary>
    /// <exception cref="TimeoutException">It took longer than <see cref="Limit"/> and was killed, with what it had started.</exception>
    public Task<ProgramResult> RunIntoAsync(string file, params string[] arguments) => RunAsync(
        async (output, token) =>
        {
            await using FileStream target = File.Create(file);
            await output.BaseStream.CopyToAsync(target, token);
            return "";
        },
        arguments);

    /// <summary>Starts it with all three streams in the caller's hands; the caller ends it and disposes of it.</summary>
    public Process Start(params string[] arguments)
    {
        ProcessStartInfo start = new(Path, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = WorkingDirectory,
        };
        foreach ((string variable, string? value) in _environment)
        {
            start.Environment[variable] = value;
        }

        return Process.Start(start)!;
    }

    private async Task<ProgramResult> RunAsync(Func<StreamReader, CancellationToken, Task<string>> readOutput, string[] arguments)
    {
        using Process process = Start(arguments);
        using CancellationTokenSource limit = new(Limit);
        try
        {
            process.StandardInput.Close();
            Task<string> error = process.StandardError.ReadToEndAsync(limit.Token);
            string output = await readOutput(process.StandardOutput, limit.Token);
            string errorText = await error;
            await process.WaitForExitAsync(limit.Token);
            return new ProgramResult($"{Path} {string.Join(' ', arguments)}", process.ExitCode, output, errorText);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{Path} {string.Join(' ', arguments)} took longer than {Limit}.");
        }
    }
}
