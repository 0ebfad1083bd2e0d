using S3Proxy.Commands;

namespace S3Proxy.Tests.Commands;

/// <summary>A command that was run inside the test's process.</summary>
/// <param name="ExitCode">One of <see cref="ExitCodes"/>.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
internal sealed record CommandRun(int ExitCode, string Output, string Error)
{
    public static Task<CommandRun> RunAsync(params string[] arguments) => RunWithAsync([], arguments);

    /// <summary>Runs a command.</summary>
    /// <param name="environment">All its variables.</param>
    /// <param name="arguments">Its arguments.</param>
    public static async Task<CommandRun> RunWithAsync(Dictionary<string, string> environment, params string[] arguments)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        CommandContext context = new(output, error, environment);
        int exitCode = await new ProxyProcess(context).RunAsync(arguments, CancellationToken.None);
        return new CommandRun(exitCode, output.ToString(), error.ToString());
    }
}
