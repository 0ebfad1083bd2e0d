using S3Proxy.Commands.Printing;
using S3Proxy.Warming;
using Spectre.Console;

namespace S3Proxy.Commands.Warm;

/// <summary>A warm-up as tables.</summary>
internal static class WarmReport
{
    public static void Write(Screen screen, WarmLook look, string what)
    {
        screen.Line($"Warm-up {look.Id} of {what}: {look.StateText}{(look.Message is null ? "" : $". {look.Message}")}");
        Table table = screen.NewTable("#objects", "#loaded", "#already here", "#failed", "#bytes loaded", "#time", "#rate");
        Screen.AddRow(
            table,
            Figures.Count(look.Found) + (look.IsListed ? "" : "+"),
            Figures.Count(look.Loaded),
            Figures.Count(look.AlreadyHere),
            Figures.Count(look.Failed),
            Figures.Bytes(look.LoadedBytes),
            Figures.Seconds(look.Duration?.TotalSeconds),
            look.Duration is { } duration ? Figures.Rate(look.LoadedBytes, duration) : Figures.None);
        screen.Write(table);
        WarmFailure[] failures = [.. look.Failures];
        if (failures.Length > 0)
        {
            Table reasons = screen.NewTable("failed", "reason");
            foreach (WarmFailure failure in failures)
            {
                Screen.AddRow(reasons, failure.Key, failure.Reason);
            }

            screen.Write(reasons);
        }
    }
}
