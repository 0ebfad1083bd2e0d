using System.CommandLine;
using System.Text.Json;
using S3Proxy.Admin;
using S3Proxy.Commands.Asking;
using S3Proxy.Commands.Printing;
using S3Proxy.Configuration;

namespace S3Proxy.Commands.Checking;

/// <summary><c>check</c>: reads a configuration as a start would, and tells what it comes to, or everything that is wrong with it (requirement O1).</summary>
internal static class CheckCommand
{
    public static Command Create(CommandContext context)
    {
        Option<string> file = ServeCommand.NewConfigurationOption();
        Option<bool> json = ClientOptions.NewJsonOption();
        Command command = new("check", "Checks a configuration file, and shows origins, buckets and keys as the proxy understands them.") { file, json };
        command.SetAction(parsed => Run(context, parsed.GetRequiredValue(file), parsed.GetValue(json)));
        return command;
    }

    private static int Run(CommandContext context, string file, bool isJson)
    {
        ConfigurationResult loaded = ConfigurationLoader.LoadFile(file, context.Environment);
        if (isJson)
        {
            JsonOutput.WriteObject(context.Output, json => Write(json, file, loaded));
        }
        else if (loaded.IsValid)
        {
            Screen screen = Screen.OfOutput(context);
            screen.Write(new CheckReport(screen).Render(loaded.Configuration));
        }
        else
        {
            foreach (ConfigurationError problem in loaded.Errors)
            {
                context.Error.WriteLine(problem.Format(file));
            }
        }

        return loaded.IsValid ? ExitCodes.Success : ExitCodes.BadInput;
    }

    private static void Write(Utf8JsonWriter json, string file, ConfigurationResult loaded)
    {
        json.WriteString("file", file);
        json.WriteBoolean("valid", loaded.IsValid);
        json.WriteStartArray("errors");
        foreach (ConfigurationError problem in loaded.Errors)
        {
            json.WriteStartObject();
            json.WriteString("path", problem.Path);
            if (problem.Variable is { } variable)
            {
                json.WriteString("variable", variable);
            }
            else
            {
                json.WriteNumber("line", problem.Line);
                json.WriteNumber("column", problem.Column);
            }

            json.WriteString("message", problem.Message);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (loaded.IsValid)
        {
            json.WriteStartObject("configuration");
            ConfigurationDocument.Write(json, loaded.Configuration);
            json.WriteEndObject();
        }
    }
}
