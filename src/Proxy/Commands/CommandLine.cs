using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;

namespace S3Proxy.Commands;

/// <summary>
/// The commands of the program, and what they have in common: how arguments are read, how errors are told, how the program ends (docs/command-line.md).
/// </summary>
/// <remarks>Nothing of Spectre.Console is touched before a command for people runs: a server starts without it (docs/decisions/0025-command-line.md).</remarks>
/// <param name="context">Streams, variables and clock.</param>
/// <param name="serve">Runs the server with a configuration file, or only checks it, and gives the exit code.</param>
internal sealed class CommandLine(CommandContext context, Func<string, bool, CancellationToken, Task<int>> serve)
{
    /// <summary>The name in usage, help and errors.</summary>
    public const string ProgramName = "s3proxy";

    // Arguments that begin with @ are values like any other, not files with more arguments.
    private static readonly ParserConfiguration Parser = new() { ResponseFileTokenReplacer = null };

    /// <summary>The command without a name, with all others.</summary>
    public RootCommand CreateRoot()
    {
        RootCommand root = CreateServing();
        root.Add(Checking.CheckCommand.Create(context));
        root.Add(SchemaCommand.Create(context));
        root.Add(Warm.WarmCommand.Create(context));
        root.Add(PurgeCommand.Create(context));
        root.Add(Stats.StatsCommand.Create(context));
        root.Add(ExplainCommand.Create(context));
        root.Add(Bench.BenchCommand.Create(context));
        root.Add(Completions.CompletionsCommand.Create(context));
        return root;
    }

    /// <summary>The command without a name, with what a server needs.</summary>
    private RootCommand CreateServing()
    {
        RootCommand root = new("A caching reverse proxy for S3. With --config alone it serves, as the command 'serve' does.");
        Option<string> file = ServeCommand.NewConfigurationOption();
        Option<bool> check = new("--check-config") { Description = "Only check the configuration: exit code 0 when it is good, 2 when it is not." };
        HelpOption help = new("--help", ["-h"]) { Description = "Show help.", Recursive = true };
        help.Action = new NamedHelp((HelpAction)help.Action!, context);
        root.Options.Clear();
        root.Add(file);
        root.Add(check);
        root.Add(help);
        root.Add(new VersionOption("--version", []) { Description = "Show the version." });
        root.SetAction((parsed, cancellationToken) => serve(parsed.GetRequiredValue(file), parsed.GetValue(check), cancellationToken));
        root.Add(ServeCommand.Create(serve));
        return root;
    }

    /// <summary>Runs what the arguments ask for.</summary>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        // A server does not wait until the commands of clients are made.
        bool isServer = arguments is [ServeCommand.ConfigurationOption, _] or [ServeCommand.Name, ServeCommand.ConfigurationOption, _] && !arguments[^1].StartsWith('-');
        RootCommand root = isServer ? CreateServing() : CreateRoot();
        ParseResult result = root.Parse(arguments, Parser);
        string[] problems = result.Action is ParseErrorAction ? [.. result.Errors.Select(OneLine)] : [.. StrayOptions(result)];
        string name = result.CommandResult.Command == root ? ProgramName : $"{ProgramName} {result.CommandResult.Command.Name}";
        if (problems.Length > 0)
        {
            foreach (string problem in problems)
            {
                await context.Error.WriteLineAsync($"{name}: {problem}");
            }

            string usage = result.CommandResult.Command == root ? $"usage: {name} --config FILE [--check-config], or {name} COMMAND; " : "";
            await context.Error.WriteLineAsync($"{name}: {usage}{name} --help tells more");
            return ExitCodes.BadInput;
        }

        try
        {
            return await result.InvokeAsync(
                new InvocationConfiguration { Output = context.Output, Error = context.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null },
                cancellationToken);
        }
        catch (CommandException failure)
        {
            await context.Error.WriteLineAsync($"{name}: {failure.Message}");
            return failure.ExitCode;
        }
        catch (Exception strange) when (AsksAdminPort(result.CommandResult.Command) && strange is (KeyNotFoundException or InvalidOperationException or FormatException))
        {
            await context.Error.WriteLineAsync($"{name}: The answer is none that this program knows. See that --admin names the admin port of an s3proxy of the same version.");
            return ExitCodes.Unreachable;
        }
    }

    /// <summary>Whether the command reads documents of a server, which may be anybody's.</summary>
    private static bool AsksAdminPort(Command command) => command.Name is "warm" or "purge" or "stats" or "explain";

    private static string OneLine(ParseError problem) => problem.Message.ReplaceLineEndings(" ").Replace("\t", "", StringComparison.Ordinal).TrimEnd();

    /// <summary>An unknown option would be taken for a value of an argument: <c>explain models --jsn</c> for a key.</summary>
    private static IEnumerable<string> StrayOptions(ParseResult result) =>
        result.Tokens.Any(token => token.Type == TokenType.DoubleDash)
            ? []
            : result.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens)
                .Where(token => token.Value.Length > 1 && token.Value[0] == '-')
                .Select(token => $"There is no option '{token.Value}'. A value that begins with '-' comes after '--'.");
}
