using System.CommandLine;
using System.CommandLine.Invocation;
using S3Proxy.Configuration.Schema;

namespace S3Proxy;

/// <summary>What the command line asks for.</summary>
/// <param name="ConfigurationFile">The configuration file.</param>
/// <param name="IsCheckOnly">True to check the configuration and stop.</param>
internal sealed record CommandLine(string ConfigurationFile, bool IsCheckOnly)
{
    /// <summary>
    /// Reads the arguments; null when nothing is left to run, because they were wrong or asked for help or the version, which has then been written.
    /// </summary>
    /// <param name="arguments">The arguments of the process.</param>
    /// <param name="output">Gets help and version.</param>
    /// <param name="error">Gets what is wrong with the arguments.</param>
    /// <param name="exitCode">Exit code when the result is null.</param>
    public static CommandLine? Parse(IReadOnlyList<string> arguments, TextWriter output, TextWriter error, out int exitCode)
    {
        Option<string> file = new("--config") { Description = "The configuration file (YAML).", HelpName = "FILE", Required = true };
        Option<bool> check = new("--check-config") { Description = "Only check the configuration: exit code 0 when it is good, 2 when it is not." };
        RootCommand command = new("A caching reverse proxy for S3.") { file, check };
        command.SetAction(_ => ExitCodes.Success);
        Command schema = new("schema", "Prints the JSON Schema of the configuration file.");
        schema.SetAction(_ => output.Write(JsonSchema.Write()));
        command.Subcommands.Add(schema);

        // Arguments that begin with @ are values like any other, not files with more arguments.
        ParseResult result = command.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (result.Action is ParseErrorAction)
        {
            foreach (System.CommandLine.Parsing.ParseError problem in result.Errors)
            {
                error.WriteLine($"s3proxy: {problem.Message}");
            }

            error.WriteLine("s3proxy: usage: s3proxy --config FILE [--check-config]");
            exitCode = ExitCodes.BadInput;
            return null;
        }

        exitCode = result.Invoke(new InvocationConfiguration { Output = output, Error = error });
        return result.Action == command.Action ? new CommandLine(result.GetRequiredValue(file), result.GetValue(check)) : null;
    }
}
