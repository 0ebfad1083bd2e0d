using System.Diagnostics;

namespace S3Proxy.FunctionalTests.Clients;

/// <summary>A command-line client as people use it, run with a home directory of its own. Killed by its process id when it takes too long.</summary>
internal sealed class ClientTool : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private readonly string _program;
    private readonly Dictionary<string, string> _environment = [];

    private ClientTool(string program)
    {
        _program = program;
        Home = Directory.CreateTempSubdirectory("s3proxy-client-").FullName;
        _environment["HOME"] = Home;
    }

    /// <summary>Directory for configuration and files, deleted at the end.</summary>
    public string Home { get; }

    /// <summary>The tool, or null with the reason printed when it is not installed or does not run.</summary>
    public static async Task<ClientTool?> FindAsync(string name, Xunit.Abstractions.ITestOutputHelper output)
    {
        string? path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(directory => Path.Combine(directory, name)).FirstOrDefault(File.Exists);
        if (path is null)
        {
            output.WriteLine($"Not run: {name} is not installed.");
            return null;
        }

        ClientTool tool = new(path);
        (int exitCode, string text) = await tool.RunAsync("--version");
        if (exitCode == 0)
        {
            return tool;
        }

        output.WriteLine($"Not run: {name} --version failed: {text}");
        tool.Dispose();
        return null;
    }

    public ClientTool With(string variable, string value)
    {
        _environment[variable] = value;
        return this;
    }

    /// <summary>Writes a file into the home directory and returns its path.</summary>
    public string Write(string name, string content)
    {
        string path = Path.Combine(Home, name);
        File.WriteAllText(path, content);
        return path;
    }

    /// <summary>Runs it and returns its standard output; anything but exit code 0 fails the test.</summary>
    public async Task<string> SucceedAsync(params string[] arguments)
    {
        (int exitCode, string text) = await RunAsync(arguments);
        Assert.True(exitCode == 0, $"{_program} {string.Join(' ', arguments)} ended with {exitCode}:\n{text}");
        return text;
    }

    /// <summary>Runs it; the text is its standard output and, when it failed, its standard error too.</summary>
    public async Task<(int ExitCode, string Text)> RunAsync(params string[] arguments)
    {
        ProcessStartInfo start = new(_program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Home,
        };
        foreach ((string variable, string value) in _environment)
        {
            start.Environment[variable] = value;
        }

        using Process process = Process.Start(start)!;
        using CancellationTokenSource limit = new(Limit);
        try
        {
            Task<string> error = process.StandardError.ReadToEndAsync(limit.Token);
            string output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, process.ExitCode == 0 ? output : output + await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{_program} {string.Join(' ', arguments)} took longer than {Limit}.");
        }
    }

    public void Dispose() => Directory.Delete(Home, recursive: true);
}
