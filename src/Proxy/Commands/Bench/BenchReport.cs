using S3Proxy.Commands.Printing;
using Spectre.Console;

namespace S3Proxy.Commands.Bench;

/// <summary>What a run came to, as tables.</summary>
internal static class BenchReport
{
    public static void Write(Screen screen, BenchResult result)
    {
        BenchTally tally = result.Tally;
        screen.Write(screen.Facts(
        [
            ("reads", $"{Figures.Count(tally.Succeeded)} good, {Figures.Count(tally.Failed)} failed in {Figures.Seconds(result.Elapsed.TotalSeconds)}, {result.Plan.Concurrency} at a time, {(result.Plan.Credentials is null ? "not signed" : "signed")}"),
            ("rate", $"{Figures.Count(result.RequestsPerSecond)} requests/s, {Figures.Bytes(result.BytesPerSecond)}/s"),
            ("x-cache", tally.Outcomes.Count == 0 ? null : string.Join(", ", tally.Outcomes.Select(outcome => $"{outcome.Key} {Figures.Count(outcome.Value)}"))),
        ]));
        Table latency = screen.NewTable(["latency", .. BenchResult.Quantiles.Select(quantile => "#" + quantile.Name), "#max"]);
        AddLatency(latency, "first byte", tally.FirstByte);
        AddLatency(latency, "whole body", tally.Whole);
        screen.Write(latency);
        if (tally.Failures.Count > 0)
        {
            Table failures = screen.NewTable("#failed", "reason");
            foreach ((string reason, long count) in tally.Failures)
            {
                Screen.AddRow(failures, Figures.Count(count), reason);
            }

            screen.Write(failures);
        }
    }

    private static void AddLatency(Table table, string name, LatencyHistogram latency) =>
        Screen.AddRow(table, [name, .. BenchResult.Quantiles.Select(quantile => Figures.Seconds(latency.Quantile(quantile.Share)?.TotalSeconds)), latency.Count == 0 ? Figures.None : Figures.Seconds(latency.Max.TotalSeconds)]);
}
