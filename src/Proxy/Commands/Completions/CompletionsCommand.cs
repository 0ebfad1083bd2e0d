using System.CommandLine;

namespace S3Proxy.Commands.Completions;

/// <summary><c>completions</c>: a script that lets a shell complete what is typed, by asking the program itself (its directive <c>[suggest:POSITION]</c>).</summary>
internal static class CompletionsCommand
{
    /// <summary>The shells there is a script for; each script is a resource.</summary>
    public static readonly IReadOnlyList<string> Shells = ["bash", "zsh", "fish", "pwsh"];

    public static Command Create(CommandContext context)
    {
        Argument<string> shell = new("SHELL") { Description = "The shell: bash, zsh, fish or pwsh." };
        shell.AcceptOnlyFromAmong([.. Shells]);
        Command command = new("completions", "Prints a script that completes commands and options in a shell.") { shell };
        command.SetAction(parsed =>
        {
            using Stream script = typeof(CompletionsCommand).Assembly.GetManifestResourceStream($"completions.{parsed.GetRequiredValue(shell)}")!;
            using StreamReader reader = new(script);
            context.Output.Write(reader.ReadToEnd());
        });
        return command;
    }
}
