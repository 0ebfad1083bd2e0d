using System.Text;
using System.Text.Json;
using S3Proxy.Commands;

namespace S3Proxy.FunctionalTests.Commands;

/// <summary>A command that was run inside the test's process, as a client of a proxy.</summary>
/// <param name="ExitCode">One of <see cref="ExitCodes"/>.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
internal sealed record CommandRun(int ExitCode, string Output, string Error)
{
    /// <summary>Standard output, which must be one JSON document.</summary>
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    /// <summary>Runs a command that asks the admin port of a proxy.</summary>
    public static Task<CommandRun> OfAsync(TestProxy proxy, params string[] arguments) => RunAsync(new CommandRunOptions(), [.. arguments, "--admin", proxy.Admin.ToString()]);

    /// <summary>Runs a command, for two minutes at most.</summary>
    public static async Task<CommandRun> RunAsync(CommandRunOptions options, params string[] arguments)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(options.Interrupt);
        limit.CancelAfter(TimeSpan.FromMinutes(2));
        using StringWriter output = options.InterruptAfter is { } after ? new InterruptingWriter(after.Word, after.Times, limit) : new StringWriter();
        using StringWriter error = new();
        CommandContext context = new(output, error, options.Environment)
        {
            OpenInput = () => new MemoryStream(Encoding.UTF8.GetBytes(options.Input)),
            IsOutputTerminal = options.IsTerminal,
            IsErrorTerminal = options.IsTerminal,
        };
        int exitCode = await new ProxyProcess(context).RunAsync(arguments, limit.Token);
        return new CommandRun(exitCode, output.ToString(), error.ToString());
    }
}
