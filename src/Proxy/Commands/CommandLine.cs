using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;

namespace S3Proxy.Commands;

/// <summary>
/// The commands of the program, and what they have in common: how arguments are read, how errors are told, how the program ends (docs/command-line.md).
/// </summary>
/// <remarks>Nothing of Spectre.Console is touched before a command for people runs: a server starts without it (docs/decisions/0025-command-line.md).</remarks>
internal sealed class CommandLine
{
    /// <summary>The name in usage, help and errors.</summary>
    public const string ProgramName = "s3proxy";

    // Arguments that begin with @ are values like any other, not files with more arguments.
    private static readonly ParserConfiguration Parser = new() { ResponseFileTokenReplacer = null };

    private readonly CommandContext _context;

    /// <param name="context">Streams, variables and clock.</param>
    /// <param name="serve">Runs the server with a configuration file, or only checks it, and gives the exit code.</param>
    public CommandLine(CommandContext context, Func<string, bool, CancellationToken, Task<int>> serve)
    {
        _context = context;
        Root = new RootCommand("A caching reverse proxy for S3. With --config alone it serves, as the command 'serve' does.");
        Option<string> file = ServeCommand.NewConfigurationOption();
        Option<bool> check = new("--check-config") { Description = "Only check the configuration: exit code 0 when it is good, 2 when it is not." };
        Root.Options.Clear();
        Root.Add(file);
        Root.Add(check);
        Root.Add(new HelpOption("--help", ["-h"]) { Description = "Show help.", Recursive = true });
        Root.Add(new VersionOption("--version", []) { Description = "Show the version." });
        foreach (HelpOption help in Root.Options.OfType<HelpOption>())
        {
            help.Action = new NamedHelp((HelpAction)help.Action!, context);
        }

        Root.SetAction((parsed, cancellationToken) => serve(parsed.GetRequiredValue(file), parsed.GetValue(check), cancellationToken));
        Root.Add(ServeCommand.Create(serve));
        Root.Add(Checking.CheckCommand.Create(context));
        Root.Add(SchemaCommand.Create(context));
        Root.Add(Warm.WarmCommand.Create(context));
        Root.Add(PurgeCommand.Create(context));
        Root.Add(Stats.StatsCommand.Create(context));
        Root.Add(ExplainCommand.Create(context));
        Root.Add(Bench.BenchCommand.Create(context));
        Root.Add(Completions.CompletionsCommand.Create(context));
    }

    /// <summary>The command without a name, which has the others.</summary>
    public RootCommand Root { get; }

    /// <summary>Runs what the arguments ask for.</summary>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        ParseResult result = Root.Parse(arguments, Parser);
        string[] problems = result.Action is ParseErrorAction ? [.. result.Errors.Select(OneLine)] : [.. StrayOptions(result)];
        string name = result.CommandResult.Command == Root ? ProgramName : $"{ProgramName} {result.CommandResult.Command.Name}";
        if (problems.Length > 0)
        {
            foreach (string problem in problems)
            {
                await _context.Error.WriteLineAsync($"{name}: {problem}");
            }

            string usage = result.CommandResult.Command == Root ? $"usage: {name} --config FILE [--check-config], or {name} COMMAND; " : "";
            await _context.Error.WriteLineAsync($"{name}: {usage}{name} --help tells more");
            return ExitCodes.BadInput;
        }

        try
        {
            return await result.InvokeAsync(
                new InvocationConfiguration { Output = _context.Output, Error = _context.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null },
                cancellationToken);
        }
        catch (CommandException failure)
        {
            await _context.Error.WriteLineAsync($"{name}: {failure.Message}");
            return failure.ExitCode;
        }
    }

    private static string OneLine(ParseError problem) => problem.Message.ReplaceLineEndings(" ").Replace("\t", "", StringComparison.Ordinal).TrimEnd();

    /// <summary>An unknown option would be taken for a value of an argument: <c>explain models --jsn</c> for a key.</summary>
    private static IEnumerable<string> StrayOptions(ParseResult result) =>
        result.Tokens.Any(token => token.Type == TokenType.DoubleDash)
            ? []
            : result.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens)
                .Where(token => token.Value.Length > 1 && token.Value[0] == '-')
                .Select(token => $"There is no option '{token.Value}'. A value that begins with '-' comes after '--'.");
}
