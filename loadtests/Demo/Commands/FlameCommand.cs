using System.CommandLine;
using System.Globalization;
using S3Proxy.Reporting;

namespace S3Proxy.Demo.Commands;

/// <summary>Draws a profile that <c>perf</c> recorded (docs/performance.md tells how).</summary>
internal static class FlameCommand
{
    public static Command Create()
    {
        Option<string> input = new("--input") { Description = "What 'perf script' wrote.", Required = true };
        Option<string> output = new("--output") { Description = "The SVG file to write.", Required = true };
        Option<string> title = new("--title") { Description = "What was recorded.", DefaultValueFactory = static _ => "s3proxy" };
        Command command = new("flame", "Draws a flame graph of what 'perf script' wrote.") { input, output, title };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(input), parsed.GetRequiredValue(output), parsed.GetRequiredValue(title)));
        return command;
    }

    private static int Run(string input, string output, string title)
    {
        try
        {
            using StreamReader script = new(input);
            FlameNode root = PerfScript.Read(script);
            if (root.Samples == 0)
            {
                Console.Error.WriteLine($"{input} has no samples: give it what 'perf script' writes of a record that was made with -g.");
                return 2;
            }

            File.WriteAllText(output, new FlameGraph(title).Draw(root));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{root.Samples} samples drawn to {output}"));
            return 0;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(failure.Message);
            return 2;
        }
    }
}
