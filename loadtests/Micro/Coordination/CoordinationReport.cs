using System.Globalization;
using System.Text;
using System.Text.Json;
using S3Proxy.Micro.Coordination.Claiming;
using S3Proxy.Micro.Coordination.Counting;
using S3Proxy.Reporting;

namespace S3Proxy.Micro.Coordination;

/// <summary>Writes what was measured: every sample as JSON, medians as Markdown, throughput as a chart.</summary>
internal static class CoordinationReport
{
    private const string Name = "coordination-2026-11-21";
    private const int DetailThreads = 4;

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static void Write(CoordinationResult result, string folder)
    {
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, Name);
        File.WriteAllText(path + ".json", JsonSerializer.Serialize(new { machine = Machine.Describe(), result.Counting, result.ByStateSize, result.Claiming }, Json) + "\n");
        File.WriteAllText(path + ".md", Markdown(result));
        File.WriteAllText(path + ".svg", ThroughputChart.Draw(result));
        foreach (string failure in result.Failures)
        {
            Console.Error.WriteLine($"WRONG: {failure}");
        }

        Console.WriteLine($"written: {path}.md, .json, .svg; wrong outputs: {result.Failures.Count}");
    }

    private static string Markdown(CoordinationResult result)
    {
        StringBuilder text = new();
        text.AppendLine("# Coordination: seven ways to share state, 2026-11-21").AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"Machine: {Machine.Describe()}.").AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"""
            Made by `dotnet run -c Release --project loadtests/Micro -- coordination`: {result.Options.Rounds} rounds, {result.Options.Duration.TotalMilliseconds:F0} ms a measurement, all
            strategies of a cell in turn, each round beginning with another one; medians over the rounds. Keys are strings of 33 characters. Single samples: the .json beside this file.

            Every output is checked: for statistics, requests and bytes of every single key and tenant against what the threads did; for claims, that no two led a key
            at once and that each generation had exactly one leader. Wrong outputs: **{result.Failures.Count}**.

            With more threads than CPUs the p99.9 is mostly the scheduler's time slice, for all strategies alike.

            ![Throughput]({Name}.svg)

            ## Statistics: requests and bytes per key and per tenant

            10,000 keys, 16 tenants; `uniform` draws all alike, `skewed` by Zipf's law with exponent 1.1. Batches have {Batches.Steps} steps. Throughput counts until everything is in
            the totals.
            """).AppendLine();
        foreach (string workload in (string[])["uniform", "skewed"])
        {
            CountingTable(text, $"Million steps a second, {workload}, by threads", result, workload, sample => sample.StepsPerSecond / 1e6, "F2");
            CountingTable(text, $"p99 of a step in µs, {workload}, by threads", result, workload, sample => sample.P99Microseconds, "F2");
            CountingTable(text, $"p99.9 of a step in µs, {workload}, by threads", result, workload, sample => sample.P999Microseconds, "F1");
            DetailTable(text, result, workload);
        }

        StateSizeTable(text, result);
        text.AppendLine("## Claims: exactly one leader a key and generation").AppendLine();
        text.AppendLine("""
            A thread claims a key and releases it; a leader spins for about 0.1 µs in between, so that others come meanwhile. `batch-local merge` (and with partitions) cannot give a
            linearizable claim: a thread leads before the others can know. It is run to show that the check sees it. The product's coalescer counts participants and tells them an
            outcome, which the others do not.
            """).AppendLine();
        foreach (string workload in (string[])["uniform", "skewed", "one key"])
        {
            ClaimTable(text, $"Million claims a second, {workload}, by threads", result, workload, sample => sample.ClaimsPerSecond / 1e6, "F2");
        }

        ClaimTable(text, "p99 of a claim with its release in µs, skewed, by threads", result, "skewed", sample => sample.P99Microseconds, "F2");
        ClaimTable(text, "Allocated bytes a claim, skewed, by threads", result, "skewed", sample => sample.AllocatedBytesPerClaim, "F0");
        ClaimTable(text, "Share of claims that joined, one key, by threads", result, "one key", sample => sample.JoinedShare, "P1");
        ClaimTable(text, "Violations, one key, by threads", result, "one key", sample => sample.Violations, "F0");
        return text.ToString();
    }

    private static void CountingTable(StringBuilder text, string title, CoordinationResult result, string workload, Func<CountingSample, double> value, string format) =>
        ByThreads(text, title, CountingStrategies.All.Select(strategy => strategy.Name), (name, threads) => result.Count(name, workload, threads, value), format);

    private static void ClaimTable(StringBuilder text, string title, CoordinationResult result, string workload, Func<ClaimSample, double> value, string format) =>
        ByThreads(text, title, ClaimStrategies.All.Select(strategy => strategy.Name), (name, threads) => result.Claim(name, workload, threads, value), format);

    private static void ByThreads(StringBuilder text, string title, IEnumerable<string> names, Func<string, int, double> value, string format)
    {
        text.AppendLine(CultureInfo.InvariantCulture, $"### {title}").AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"| strategy | {string.Join(" | ", CoordinationComparison.ThreadCounts)} |");
        text.AppendLine(CultureInfo.InvariantCulture, $"|---|{string.Concat(CoordinationComparison.ThreadCounts.Select(_ => "---:|"))}");
        foreach (string name in names)
        {
            IEnumerable<string> cells = CoordinationComparison.ThreadCounts.Select(threads => value(name, threads).ToString(format, CultureInfo.InvariantCulture));
            text.AppendLine(CultureInfo.InvariantCulture, $"| {name} | {string.Join(" | ", cells)} |");
        }

        text.AppendLine();
    }

    private static void DetailTable(StringBuilder text, CoordinationResult result, string workload)
    {
        text.AppendLine(CultureInfo.InvariantCulture, $"### Allocation and staleness of a read, {workload}, {DetailThreads} threads").AppendLine();
        text.AppendLine("| strategy | bytes a step | median ms | max ms | median steps | max steps |").AppendLine("|---|---:|---:|---:|---:|---:|");
        foreach ((string name, _) in CountingStrategies.All)
        {
            double Value(Func<CountingSample, double> value) => result.Count(name, workload, DetailThreads, value);
            text.AppendLine(CultureInfo.InvariantCulture, $"""
                | {name} | {Value(sample => sample.AllocatedBytesPerStep):F1} | {Value(sample => sample.MedianStalenessMilliseconds):F2} | {Value(sample => sample.MaxStalenessMilliseconds):F1} | {Value(sample => sample.MedianStalenessSteps):F0} | {Value(sample => sample.MaxStalenessSteps):F0} |
                """);
        }

        text.AppendLine();
    }

    private static void StateSizeTable(StringBuilder text, CoordinationResult result)
    {
        text.AppendLine(CultureInfo.InvariantCulture, $"### Batch-local merge against copy-out/copy-in of the table, by size of the state, {DetailThreads} threads").AppendLine();
        text.AppendLine("| keys | copy-out/copy-in, million steps a second | batch-local merge | ratio |").AppendLine("|---:|---:|---:|---:|");
        foreach (int keys in result.ByStateSize.Select(sample => sample.Keys).Distinct().Order())
        {
            double copied = result.StepsPerSecond(CountingStrategies.Baseline, keys) / 1e6;
            double merged = result.StepsPerSecond(CountingStrategies.BatchLocal, keys) / 1e6;
            text.AppendLine(CultureInfo.InvariantCulture, $"| {keys} | {copied:F2} | {merged:F2} | {merged / copied:F1} |");
        }

        text.AppendLine();
    }
}
