using System.CommandLine;
using S3Proxy.Configuration.Schema;

namespace S3Proxy.Commands;

/// <summary><c>schema</c>: the JSON Schema of the configuration file.</summary>
internal static class SchemaCommand
{
    public static Command Create(CommandContext context)
    {
        Command command = new("schema", "Prints the JSON Schema of the configuration file.");
        command.SetAction(_ => context.Output.Write(JsonSchema.Write()));
        return command;
    }
}
