using System.CommandLine;
using S3Proxy.Commands.Asking;
using S3Proxy.Commands.Printing;
using Spectre.Console;

namespace S3Proxy.Commands.Stats;

/// <summary><c>stats</c>: what a replica has served, and what that saved; once, or again and again.</summary>
internal static class StatsCommand
{
    private static readonly TimeSpan DefaultInterval = TimeSpan.FromSeconds(2);

    public static Command Create(CommandContext context)
    {
        Option<bool> watch = new("--watch") { Description = "Look again and again, until Ctrl-C." };
        Option<TimeSpan?> interval = CheckedOption.Duration("--interval", "Time between two looks.", "2s");
        Option<int> rows = CheckedOption.Count("--rows", "Rows of each list,", 1, 50, 10);
        Command command = new("stats", "Tells hit ratio, bytes, savings, buckets and hot keys of a replica since it started.") { watch, interval, rows };
        ClientOptions client = ClientOptions.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(watch) && result.GetResult("--json") is not null)
            {
                result.AddError("--watch is for people and --json for programs: give one of them.");
            }
        });
        command.SetAction((parsed, cancellationToken) => RunAsync(
            context, client, parsed, parsed.GetValue(watch) ? parsed.GetValue(interval) ?? DefaultInterval : null, parsed.GetValue(rows), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, ClientOptions client, ParseResult parsed, TimeSpan? interval, int rows, CancellationToken cancellationToken)
    {
        using Interruption interruption = new(cancellationToken);
        using AdminClient admin = client.Connect(parsed, context);
        try
        {
            StatsLook look = await StatsLook.TakeAsync(admin, interruption.Token);
            if (client.IsJson(parsed))
            {
                JsonOutput.WriteObject(context.Output, look.Write);
            }
            else if (interval is { } pause)
            {
                await WatchAsync(Screen.OfOutput(context), admin, look, rows, pause, interruption.Token);
            }
            else
            {
                Screen screen = Screen.OfOutput(context);
                screen.Write(new StatsReport(screen, rows, admin.Time).Render(look, null));
            }

            return ExitCodes.Success;
        }
        catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
        {
            // Whoever watches ends it so.
            return interval is null ? ExitCodes.Interrupted : ExitCodes.Success;
        }
    }

    /// <summary>On a terminal the report is written over the last one; elsewhere each follows the last.</summary>
    private static async Task WatchAsync(Screen screen, AdminClient admin, StatsLook look, int rows, TimeSpan pause, CancellationToken cancellationToken)
    {
        StatsReport report = new(screen, rows, admin.Time);
        if (!screen.IsMoving)
        {
            screen.Write(report.Render(look, null));
            await EachLookAsync((next, before) => screen.Write(report.Render(next, before)));
            return;
        }

        await screen.Console.Live(new Rows(report.Render(look, null))).StartAsync(async live =>
        {
            live.Refresh();
            await EachLookAsync((next, before) => live.UpdateTarget(new Rows(report.Render(next, before))));
        });

        async Task EachLookAsync(Action<StatsLook, StatsLook> show)
        {
            while (true)
            {
                await Task.Delay(pause, admin.Time, cancellationToken);
                StatsLook next = await StatsLook.TakeAsync(admin, cancellationToken);
                show(next, look);
                look = next;
            }
        }
    }
}
