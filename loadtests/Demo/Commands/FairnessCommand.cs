using System.CommandLine;
using System.Globalization;
using System.Text;
using S3Proxy.Demo.Coalescing;
using S3Proxy.Demo.Processes;

namespace S3Proxy.Demo.Commands;

/// <summary>
/// Measures how an origin's slots are shared (requirement B5): one greedy client against 99 polite ones, by Jain's index where all want more than there is, and by the polite
/// ones' times where they want little.
/// </summary>
internal static class FairnessCommand
{
    private const int BodyBytes = 1024;
    private const int Polite = 99;
    private const int Slots = 50;
    private const int GreedyRequests = 400;

    public static Command Create()
    {
        Option<int> seconds = CheckedOption.Create("--seconds", "Length of each phase.", 1, 600, standard: 10);
        Option<string?> output = new("--output") { Description = "Where the results go, without extension; .md is written." };
        Command command = new("fairness", "Measures how one greedy client and 99 polite ones share an origin's slots.") { seconds, output };
        command.SetAction((parsed, cancellationToken) => RunAsync(TimeSpan.FromSeconds(parsed.GetValue(seconds)), parsed.GetValue(output), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(TimeSpan duration, string? output, CancellationToken cancellationToken)
    {
        TimeProvider time = TimeProvider.System;
        await using LimitedOrigin origin = await LimitedOrigin.StartAsync(Slots, TimeSpan.FromMilliseconds(100), BodyBytes, time);
        string concurrency = string.Create(CultureInfo.InvariantCulture, $"{{ max: {Slots}, adaptive: false }}");
        using ProxyConfigFile file = ProxyConfigFile.Create(origin.Endpoint, concurrency: concurrency);
        await using ProxyProcess proxy = await ProxyProcess.StartAsync(file.Path, time, cancellationToken);
        FairnessLoad load = new(proxy.Endpoint, BodyBytes, time);
        TimeSpan think = TimeSpan.FromSeconds(1);

        Console.Error.WriteLine("warming up");
        await load.PoliteAsync(Polite, 0, think, TimeSpan.FromSeconds(3), cancellationToken);
        Console.Error.WriteLine("polite clients alone");
        double[] alone = await load.PoliteAsync(Polite, 0, think, duration, cancellationToken);
        Console.Error.WriteLine("polite clients beside a greedy one");
        double[] beside = await load.PoliteAsync(Polite, GreedyRequests, think, duration, cancellationToken);
        Console.Error.WriteLine("everybody wants more than there is");
        int[] answers = await load.SaturateAsync([.. Enumerable.Repeat(4, Polite), GreedyRequests], duration, cancellationToken);

        double jain = (double)answers.Sum() * answers.Sum() / (answers.Length * answers.Sum(count => (double)count * count));
        string report = Report(duration, alone, beside, answers, jain, load.Wrong);
        Console.WriteLine(report);
        if (output is not null)
        {
            await File.WriteAllTextAsync(output + ".md", report, cancellationToken);
        }

        return load.Wrong == 0 && jain >= 0.95 ? 0 : 1;
    }

    private static string Report(TimeSpan duration, double[] alone, double[] beside, int[] answers, double jain, long wrong)
    {
        StringBuilder report = new();
        report.AppendLine("# How an origin's slots are shared").AppendLine();
        report.AppendLine(CultureInfo.InvariantCulture,
            $"{Environment.ProcessorCount} processors, {System.Runtime.InteropServices.RuntimeInformation.OSDescription}, .NET {Environment.Version}; proxy, origin and clients on the same machine. An origin of {Slots} workers and 100 ms a request, `concurrency.max: {Slots}`; {Polite} polite clients and a greedy one with {GreedyRequests} requests open, all for keys of their own; {duration.TotalSeconds:0} s each.");
        report.AppendLine().AppendLine("`dotnet run --project loadtests/Demo -c Release -- fairness`").AppendLine();
        report.AppendLine("| polite clients, about one request a second each | p50, ms | p99, ms | requests |").AppendLine("|---|---:|---:|---:|");
        report.AppendLine(CultureInfo.InvariantCulture, $"| alone | {At(alone, 0.5):f0} | {At(alone, 0.99):f0} | {alone.Length} |");
        report.AppendLine(CultureInfo.InvariantCulture, $"| beside the greedy one | {At(beside, 0.5):f0} | {At(beside, 0.99):f0} | {beside.Length} |");
        report.AppendLine(CultureInfo.InvariantCulture, $"| ratio | {At(beside, 0.5) / At(alone, 0.5):f2} | {At(beside, 0.99) / At(alone, 0.99):f2} | |").AppendLine();
        report.AppendLine(CultureInfo.InvariantCulture,
            $"Where everybody wants more than there is (4 open requests each, the greedy one {GreedyRequests}): Jain's index **{jain:f3}**; answers of a polite client {answers[..^1].Min()} to {answers[..^1].Max()}, of the greedy one {answers[^1]}. Wrong answers: {wrong}.");
        return report.ToString();
    }

    private static double At(double[] sorted, double share) => sorted[(int)(sorted.Length * share)];
}
