using S3Proxy.Demo.Scenarios;
using Spectre.Console;

namespace S3Proxy.Demo;

/// <summary>The terminal, or plain text where the output goes to a file or a pipe.</summary>
internal static class DemoConsole
{
    private const int RedirectedWidth = 120;

    public static IAnsiConsole Create()
    {
        if (!Console.IsOutputRedirected)
        {
            return AnsiConsole.Console;
        }

        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        console.Profile.Width = RedirectedWidth;
        return console;
    }

    /// <summary>Runs a scenario under a bar that shows the bytes verified so far; without a terminal there is no bar.</summary>
    public static async Task<ScenarioResult> WithProgressAsync(IAnsiConsole console, IScenario scenario, Func<Action<long>, Task<ScenarioResult>> run)
    {
        if (!console.Profile.Capabilities.Interactive)
        {
            return await run(static _ => { });
        }

        return await console.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new DownloadedColumn(), new ElapsedTimeColumn())
            .StartAsync(async progress =>
            {
                ProgressTask bar = progress.AddTask("bytes verified", maxValue: scenario.TotalBytes);
                return await run(bytes => bar.Increment(bytes));
            });
    }
}
