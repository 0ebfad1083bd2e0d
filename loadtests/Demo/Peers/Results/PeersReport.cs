using System.Globalization;
using System.Text;
using System.Text.Json;
using S3Proxy.Demo.Peers.Scenarios;
using S3Proxy.Reporting;

namespace S3Proxy.Demo.Peers.Results;

/// <summary>Writes what was measured: every sample as JSON, medians and ratios as Markdown, two charts.</summary>
internal static class PeersReport
{
    private const double MebibyteBytes = 1048576;
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>Writes all files.</summary>
    /// <param name="result">What was measured.</param>
    /// <param name="path">Without extension; its directory is made.</param>
    /// <param name="command">What the run was started with, for those who want to do it again.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task WriteAsync(PeersResult result, string path, string command, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        string machine = $"{Machine.Describe()}, {result.LoadAtStart} at the start";
        await File.WriteAllTextAsync(path + ".json", Serialize(result, machine, command), cancellationToken);
        await File.WriteAllTextAsync(path + ".md", Describe(result, machine, command, Path.GetFileName(path)), cancellationToken);
        await File.WriteAllTextAsync(path + ".svg", PeersChart.DrawRates(result), cancellationToken);
        await File.WriteAllTextAsync(path + "-latency.svg", PeersChart.DrawLatencies(result), cancellationToken);
    }

    private static string Serialize(PeersResult result, string machine, string command) => JsonSerializer.Serialize(
        new
        {
            Date = TimeProvider.System.GetUtcNow(),
            Machine = machine,
            Command = command,
            Versions = result.Options.Servers.Select(kind => kind.Version),
            result.Options.Missing,
            result.Options.Rounds,
            SecondsPerTurn = result.Options.Duration.TotalSeconds,
            result.Options.Scale,
            Skipped = result.Scenarios.Where(scenario => scenario.SkipReason is not null).ToDictionary(scenario => scenario.Name, scenario => scenario.SkipReason),
            result.Faults,
            result.Samples,
        },
        Json) + "\n";

    private static string Describe(PeersResult result, string machine, string command, string name)
    {
        StringBuilder text = new();
        text.AppendLine(CultureInfo.InvariantCulture, $"# s3proxy beside other caches, {TimeProvider.System.GetUtcNow():yyyy-MM-dd}").AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"Machine: {machine}. {string.Join("; ", result.Options.Servers.Select(kind => kind.Version))}.").AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"""
            Made by `{command}`. Where a scenario does not say otherwise, its servers run at the same time on loopback before the same origin, with the same memory for cached objects, and are measured in turns:
            {result.Options.Rounds} rounds, {result.Options.Duration.TotalSeconds:0.##} s a turn where time bounds it, each round beginning with another server{(result.Options.IsShort ? "" : ", after one round to warm up, and before it six seconds of turns for each process where a turn may be repeated")}. Servers, clients and origin share the processors, so
            requests a second are those of the whole machine. Figures are medians over the rounds. A ratio is the median of the rounds' ratios, with the least and the greatest in
            parentheses; rounds with errors have none. CPU is that of all processes of the server, from `/proc`, in steps of 10 ms; memory is what they have resident at the end, with cache files in `/dev/shm`.
            """).AppendLine();
        if (result.Options.IsShort)
        {
            text.AppendLine("**The short form: it shows that everything works, and measures nothing.**").AppendLine();
        }

        foreach (string missing in result.Options.Missing)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"Left out: {missing}.").AppendLine();
        }

        AddSummary(text, result);
        text.AppendLine(CultureInfo.InvariantCulture, $"![Requests a second]({name}.svg)").AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"![p99 in milliseconds]({name}-latency.svg)").AppendLine();
        foreach (IPeerScenario scenario in result.Scenarios)
        {
            AddScenario(text, result, scenario);
        }

        text.AppendLine(CultureInfo.InvariantCulture, $"Single samples: [{name}.json]({name}.json).");
        return text.ToString();
    }

    private static void AddSummary(StringBuilder text, PeersResult result)
    {
        if (result.Options.Servers.Count < 2)
        {
            return;
        }

        string first = result.Options.Servers[0].Name;
        string[] others = [.. result.Options.Servers.Skip(1).Select(kind => kind.Name)];
        text.AppendLine(CultureInfo.InvariantCulture, $"## {first} over the others").AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"| scenario | what | compared by | {string.Join(" | ", others.Select(other => "over " + other))} |");
        text.AppendLine(CultureInfo.InvariantCulture, $"|---|---|---|{string.Concat(others.Select(_ => "---:|"))}");
        foreach (IPeerScenario scenario in result.Scenarios)
        {
            if (scenario.SkipReason is { } reason)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"| {scenario.Name} | skipped: {reason} | | {string.Join(" | ", others.Select(_ => ""))} |");
                continue;
            }

            foreach (string cell in scenario.Cells.Where(cell => result.ServersOf(scenario.Name, cell).Intersect(others).Any()))
            {
                IEnumerable<string> ratios = others.Select(other => RatioText(scenario, result.Ratio(scenario, cell, first, other)));
                text.AppendLine(CultureInfo.InvariantCulture, $"| {scenario.Name} | {cell} | {NameOf(scenario.ComparedBy)} | {string.Join(" | ", ratios)} |");
            }
        }

        text.AppendLine();
    }

    private static void AddScenario(StringBuilder text, PeersResult result, IPeerScenario scenario)
    {
        text.AppendLine(CultureInfo.InvariantCulture, $"## {scenario.Name}").AppendLine();
        text.AppendLine(scenario.Description).AppendLine();
        if (scenario.SkipReason is { } reason)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"skipped: {reason}").AppendLine();
            return;
        }

        if (result.Broken.TryGetValue(scenario.Name, out string? failure))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"given up: {failure}").AppendLine();
        }

        PeerSample[] samples = [.. result.Samples.Where(sample => sample.Scenario == scenario.Name)];
        if (samples.Length == 0)
        {
            return;
        }

        string[] over = [.. result.ServersOf(scenario.Name, samples[0].Cell).Skip(1)];
        PeersColumn[] columns = [.. Columns(result, scenario, over).Where(column => samples.Any(column.IsTold))];
        text.AppendLine(CultureInfo.InvariantCulture, $"| what | server | {string.Join(" | ", columns.Select(column => column.Title))} |");
        text.AppendLine(CultureInfo.InvariantCulture, $"|---|---|{string.Concat(columns.Select(_ => "---:|"))}");
        foreach (string cell in scenario.Cells)
        {
            foreach (string server in result.ServersOf(scenario.Name, cell))
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"| {cell} | {server} | {string.Join(" | ", columns.Select(column => column.Text(cell, server)))} |");
            }
        }

        text.AppendLine();
        foreach (PeerSample failed in samples.Where(sample => sample.Errors > 0))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"- {failed.Cell}, {failed.Server}, round {failed.Round}: {failed.Errors} errors, {failed.Wrong} of them wrong bytes; the first: {failed.FirstError}");
        }

        text.AppendLine();
    }

    private static IEnumerable<PeersColumn> Columns(PeersResult result, IPeerScenario scenario, string[] over)
    {
        yield return Of("requests/s", sample => sample.RequestsPerSecond, "0.#");
        foreach (string other in over)
        {
            yield return new PeersColumn(
                $"{NameOf(scenario.ComparedBy)} over {other}", _ => true, (cell, server) => server == other ? "1" : RatioText(scenario, result.Ratio(scenario, cell, server, other)));
        }

        yield return Of("p50, ms", sample => sample.P50Milliseconds, "0.##");
        yield return Of("p99, ms", sample => sample.P99Milliseconds, "0.##");
        yield return Of("first byte p50, ms", sample => sample.FirstByteP50Milliseconds, "0.##");
        yield return Of("first byte p99, ms", sample => sample.FirstByteP99Milliseconds, "0.##");
        yield return Of("CPU a request, µs", sample => sample.CpuMicrosecondsPerRequest, "0.#");
        yield return Of("memory, MiB", sample => sample.MemoryBytes / MebibyteBytes, "0");
        yield return Of("budget, MiB", sample => sample.Fit?.BudgetBytes / MebibyteBytes, "0.#");
        yield return new PeersColumn(
            "peak memory, MiB", sample => sample.Fit is not null, (cell, server) => result.Of(scenario.Name, cell, server).Select(sample => sample.Fit).FirstOrDefault()?.ToString() ?? "");
        yield return Of("origin GETs", sample => sample.OriginGets, "0");
        yield return Of("from the origin, MiB", sample => sample.OriginBytes / MebibyteBytes, "0.#");
        yield return Of("hit ratio", sample => sample.HitRatio, "0.0000");
        yield return Of("content, MiB", sample => sample.Replayed?.ContentBytes / MebibyteBytes, "0");
        yield return Of("LRU with as much content", sample => sample.Replayed?.Lru, "0.0000");
        yield return Of("the most popular", sample => sample.Replayed?.MostPopular, "0.0000");
        yield return Of("the most requests a byte", sample => sample.Replayed?.MostPerByte, "0.0000");
        yield return Of("origin bytes a slice byte", sample => sample.OriginBytesPerSliceByte, "0.00");
        yield return new PeersColumn(
            "errors", _ => true, (cell, server) => result.Of(scenario.Name, cell, server).Sum(sample => sample.Errors).ToString(CultureInfo.InvariantCulture));

        PeersColumn Of(string title, Func<PeerSample, double?> value, string format) => new(
            title,
            sample => value(sample) is not null,
            (cell, server) => result.Median(scenario.Name, cell, server, value)?.ToString(format, CultureInfo.InvariantCulture) ?? "");
    }

    private static string RatioText(IPeerScenario scenario, (double Median, double Least, double Most)? ratio)
    {
        string format = scenario.ComparedBy == ComparedBy.HitRatio ? "0.000" : "0.00";
        return ratio is { } told ? $"{Text(told.Median)} ({Text(told.Least)}–{Text(told.Most)})" : "–";

        string Text(double figure) => figure.ToString(format, CultureInfo.InvariantCulture);
    }

    private static string NameOf(ComparedBy by) => by switch
    {
        ComparedBy.P99 => "p99 (less is better)",
        ComparedBy.FirstByteP99 => "first byte p99 (less is better)",
        ComparedBy.HitRatio => "hit ratio",
        _ => "requests/s",
    };
}
