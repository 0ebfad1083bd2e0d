using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using S3Proxy.Demo.Coalescing;
using S3Proxy.Demo.Processes;

namespace S3Proxy.Demo.Commands;

/// <summary>
/// Measures what coalescing gains and costs (requirement F14): expiring hot keys before an origin of 50 workers that take 100 ms a request, and keys that all differ before
/// that origin and before one without limits; streaming against off, in turns, in one run.
/// </summary>
internal static class CoalescingCommand
{
    private const int BodyBytes = 16 * 1024;
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static Command Create()
    {
        Option<int> rounds = CheckedOption.Create("--rounds", "Rounds of each, in turns.", 1, 100, standard: 5);
        Option<int> seconds = CheckedOption.Create("--seconds", "Length of a round.", 1, 600, standard: 6);
        Option<int> clients = CheckedOption.Create("--clients", "Clients at once.", 1, 10_000, standard: 200);
        Option<string?> output = new("--output") { Description = "Where results go, without extension; .md and .json are written." };
        Command command = new("coalescing", "Compares streaming coalescing with none, for hot keys that expire and for keys that all differ.") { rounds, seconds, clients, output };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetValue(rounds), TimeSpan.FromSeconds(parsed.GetValue(seconds)), parsed.GetValue(clients), parsed.GetValue(output), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(int rounds, TimeSpan duration, int clients, string? output, CancellationToken cancellationToken)
    {
        byte[] expected = new byte[BodyBytes];
        new Random(1).NextBytes(expected);
        CoalescingLoad load = new(clients, expected, TimeProvider.System);
        Func<Random, string> hot = CoalescingLoad.HotKeys(100);
        StringBuilder report = new();
        Head(report, rounds, duration, clients);
        Dictionary<string, object> figures = [];
        bool right = true;
        foreach ((string name, int workers, int serviceMilliseconds, Func<Random, string> keys) in new (string, int, int, Func<Random, string>)[]
        {
            ("hot keys that expire", 50, 100, hot),
            ("keys that all differ, the same origin", 50, 100, load.UniqueKey),
            ("keys that all differ, an origin without limits", int.MaxValue, 0, load.UniqueKey),
        })
        {
            await using LimitedOrigin origin = await LimitedOrigin.StartAsync(workers, TimeSpan.FromMilliseconds(serviceMilliseconds), BodyBytes, TimeProvider.System);
            (List<RoundResult> streaming, List<RoundResult> off) = await CompareAsync(name, origin, load, keys, rounds, duration, cancellationToken);
            Table(report, name, streaming, off);
            figures[name] = new { streaming, off };
            right &= streaming.Concat(off).All(round => round.Wrong == 0);
        }

        Console.WriteLine(report);
        if (output is not null)
        {
            await File.WriteAllTextAsync(output + ".md", report.ToString(), cancellationToken);
            await File.WriteAllTextAsync(output + ".json", JsonSerializer.Serialize(figures, Indented), cancellationToken);
        }

        return right ? 0 : 1;
    }

    private static async Task<(List<RoundResult> Streaming, List<RoundResult> Off)> CompareAsync(
        string name, LimitedOrigin origin, CoalescingLoad load, Func<Random, string> keys, int rounds, TimeSpan duration, CancellationToken cancellationToken)
    {
        const string Rule = "{ mode: ttl, ttl: 1s }";
        using ProxyConfigFile streamingFile = ProxyConfigFile.Create(origin.Endpoint, Rule, "streaming");
        using ProxyConfigFile offFile = ProxyConfigFile.Create(origin.Endpoint, Rule, "off");
        await using ProxyProcess streaming = await ProxyProcess.StartAsync(streamingFile.Path, TimeProvider.System, cancellationToken);
        await using ProxyProcess off = await ProxyProcess.StartAsync(offFile.Path, TimeProvider.System, cancellationToken);
        (List<RoundResult> Streaming, List<RoundResult> Off) results = ([], []);
        for (int round = 0; round <= rounds; round++)
        {
            (ProxyProcess Proxy, List<RoundResult> Into)[] both = [(streaming, results.Streaming), (off, results.Off)];
            if (round % 2 == 1)
            {
                // Whoever comes second may find the machine warmer or dirtier.
                Array.Reverse(both);
            }

            foreach ((ProxyProcess proxy, List<RoundResult> into) in both)
            {
                RoundResult result = await load.RunAsync(proxy, origin, keys, duration, cancellationToken);
                Console.Error.WriteLine($"{name}, round {round} of {rounds}, {(ReferenceEquals(proxy, streaming) ? "streaming" : "off")}: {result.RequestsPerSecond:f0}/s");
                if (round > 0)
                {
                    // The first of each is for warming up.
                    into.Add(result);
                }
            }
        }

        return results;
    }

    private static void Head(StringBuilder report, int rounds, TimeSpan duration, int clients)
    {
        report.AppendLine("# What coalescing gains and costs").AppendLine();
        report.AppendLine(CultureInfo.InvariantCulture,
            $"{Environment.ProcessorCount} processors, {System.Runtime.InteropServices.RuntimeInformation.OSDescription}, .NET {Environment.Version}; proxy, origin and clients on the same machine.");
        report.AppendLine(CultureInfo.InvariantCulture,
            $"{clients} clients in a closed loop, objects of {BodyBytes / 1024} KiB, ttl 1 s; medians of {rounds} rounds of {duration.TotalSeconds:0} s each, in turns, after one to warm up; every byte compared.");
        report.AppendLine().AppendLine("`dotnet run --project loadtests/Demo -c Release -- coalescing`").AppendLine();
    }

    private static void Table(StringBuilder report, string name, List<RoundResult> streaming, List<RoundResult> off)
    {
        report.AppendLine(CultureInfo.InvariantCulture, $"## {char.ToUpperInvariant(name[0])}{name[1..]}").AppendLine();
        report.AppendLine("| | requests/s | p99, ms | CPU of the proxy a request, µs | origin requests | wrong |").AppendLine("|---|---:|---:|---:|---:|---:|");
        Row(report, "streaming", streaming);
        Row(report, "off", off);
        double ratio = Median(streaming.Zip(off, (with, without) => with.RequestsPerSecond / without.RequestsPerSecond));
        report.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"Streaming over off: **{ratio:f2}×** (median of the rounds' ratios).").AppendLine();
    }

    private static void Row(StringBuilder report, string name, List<RoundResult> rounds) => report.AppendLine(CultureInfo.InvariantCulture,
        $"| {name} | {Median(rounds.Select(round => round.RequestsPerSecond)):f0} | {Median(rounds.Select(round => round.P99Milliseconds)):f1} | {Median(rounds.Select(round => round.CpuMicroseconds)):f0} | {Median(rounds.Select(round => (double)round.OriginRequests)):f0} | {rounds.Sum(round => round.Wrong)} |");

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
