using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace S3Proxy.Commands;

/// <summary>Writes help under the name that people know the program by, whatever its file is called.</summary>
/// <param name="usual">Writes the help.</param>
/// <param name="context">Tells where it goes.</param>
internal sealed class NamedHelp(HelpAction usual, CommandContext context) : SynchronousCommandLineAction
{
    private const int RedirectedWidth = 120;

    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        using StringWriter text = new();
        usual.MaxWidth = context.IsOutputTerminal ? Math.Max(Console.WindowWidth, RedirectedWidth / 2) : RedirectedWidth;
        TextWriter output = parseResult.InvocationConfiguration.Output;
        parseResult.InvocationConfiguration.Output = text;
        int exitCode = usual.Invoke(parseResult);
        parseResult.InvocationConfiguration.Output = output;
        foreach (string line in text.ToString().TrimEnd().Split('\n'))
        {
            string named = line.StartsWith($"  {RootCommand.ExecutableName} ", StringComparison.Ordinal) ? $"  {CommandLine.ProgramName}{line[(RootCommand.ExecutableName.Length + 2)..]}" : line;
            output.WriteLine(named.TrimEnd());
        }

        return exitCode;
    }
}
