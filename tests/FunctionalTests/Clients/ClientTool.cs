using S3Proxy.Testing.Programs;

namespace S3Proxy.FunctionalTests.Clients;

/// <summary>A command-line client as people use it, run with a home directory of its own. Killed by its process id when it takes too long.</summary>
internal sealed class ClientTool : IDisposable
{
    private InstalledProgram _program;

    private ClientTool(InstalledProgram program)
    {
        Home = program.WorkingDirectory;
        _program = program.With("HOME", Home);
    }

    /// <summary>Directory for configuration and files, deleted at the end.</summary>
    public string Home { get; }

    /// <summary>The tool, or null with the reason printed when it is not installed or does not run.</summary>
    public static async Task<ClientTool?> FindAsync(string name, Xunit.Abstractions.ITestOutputHelper output)
    {
        string home = Directory.CreateTempSubdirectory("s3proxy-client-").FullName;
        if (InstalledProgram.Find(name, home) is not { } program)
        {
            Directory.Delete(home);
            output.WriteLine($"Not run: {name} is not installed.");
            return null;
        }

        ClientTool tool = new(program);
        ProgramResult version = await tool._program.RunAsync("--version");
        if (version.Succeeded)
        {
            return tool;
        }

        output.WriteLine($"Not run: {version.Command} failed: {version.Error}{version.Output}");
        tool.Dispose();
        return null;
    }

    public ClientTool With(string variable, string value)
    {
        _program = _program.With(variable, value);
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
    public async Task<string> SucceedAsync(params string[] arguments) => (await _program.RunAsync(arguments)).OutputOfSuccess();

    /// <summary>Runs it; the text is its standard output and, when it failed, its standard error too.</summary>
    public async Task<(int ExitCode, string Text)> RunAsync(params string[] arguments)
    {
        ProgramResult result = await _program.RunAsync(arguments);
        return (result.ExitCode, result.Succeeded ? result.Output : result.Output + result.Error);
    }

    public void Dispose() => Directory.Delete(Home, recursive: true);
}
