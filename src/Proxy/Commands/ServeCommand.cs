using System.CommandLine;

namespace S3Proxy.Commands;

/// <summary><c>serve</c>: what <c>--config</c> alone does, by name.</summary>
internal static class ServeCommand
{
    /// <summary>Its name.</summary>
    public const string Name = "serve";

    /// <summary>The option that names the file, here and without a command.</summary>
    public const string ConfigurationOption = "--config";

    public static Command Create(Func<string, bool, CancellationToken, Task<int>> serve)
    {
        Option<string> file = NewConfigurationOption();
        Command command = new(Name, "Serves clients until it is asked to end.") { file };
        command.SetAction((parsed, cancellationToken) => serve(parsed.GetRequiredValue(file), false, cancellationToken));
        return command;
    }

    /// <summary>The configuration file, which must be given.</summary>
    public static Option<string> NewConfigurationOption() => new(ConfigurationOption) { Description = "The configuration file (YAML).", HelpName = "FILE", Required = true };
}
