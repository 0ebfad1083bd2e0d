using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using S3Proxy.Demo.Measuring;
using S3Proxy.Demo.Processes;
using S3Proxy.Demo.Transfers;
using S3Proxy.Testing.Integrity;

namespace S3Proxy.Demo.Commands;

/// <summary>Measures how fast bodies go through the proxy, up and down, beside the same without it, and what a GiB costs it.</summary>
internal static class ThroughputCommand
{
    private const long LeastBytesARound = 512 * ByteSize.MiB;
    private const string Auth =
        $"{{ mode: sigv4, keys: [ {{ accessKeyId: {TransferLoad.AccessKeyId}, secretAccessKey: {TransferLoad.SecretAccessKey}, grants: [ {{ bucket: \"*\", actions: [read, write] }} ] }} ] }}";

    private static readonly long[] Sizes = [ByteSize.MiB, 256 * ByteSize.MiB];
    private static readonly int[] Clients = [1, 16];
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, Converters = { new JsonStringEnumConverter() } };

    public static Command Create()
    {
        Option<int> rounds = CheckedOption.Create("--rounds", "Rounds of each, in turns.", 1, 100, standard: 5);
        Option<string?> output = new("--output") { Description = "Where results go, without extension; .md and .json are written." };
        Command command = new("throughput", "Compares uploads and downloads through the proxy with the same straight to the origin.") { rounds, output };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(rounds), parsed.GetValue(output), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(int rounds, string? output, CancellationToken cancellationToken)
    {
        Dictionary<long, SyntheticContent> contents = Sizes.ToDictionary(bytes => bytes, bytes => new SyntheticContent(bytes, (ulong)bytes));
        await using TransferOrigin origin = await TransferOrigin.StartAsync(contents);
        using ProxyConfigFile config = ProxyConfigFile.Create(origin.Endpoint, auth: Auth);
        await using ProxyProcess proxy = await ProxyProcess.StartAsync(config.Path, TimeProvider.System, cancellationToken);
        using TransferLoad load = new(TimeProvider.System);
        List<TransferComparison> comparisons = [];
        foreach (TransferKind kind in Enum.GetValues<TransferKind>())
        {
            foreach (SyntheticContent content in contents.Values)
            {
                foreach (int clients in Clients)
                {
                    comparisons.Add(await CompareAsync(load, origin, proxy, kind, content, clients, rounds, cancellationToken));
                }
            }
        }

        string report = TransferReport.Write(comparisons, rounds);
        Console.WriteLine(report);
        if (output is not null)
        {
            await File.WriteAllTextAsync(output + ".md", report, cancellationToken);
            await File.WriteAllTextAsync(output + ".json", JsonSerializer.Serialize(comparisons, Json), cancellationToken);
        }

        return origin.Wrong == 0 && comparisons.All(comparison => comparison.Failed == 0) ? 0 : 1;
    }

    private static async Task<TransferComparison> CompareAsync(
        TransferLoad load, TransferOrigin origin, ProxyProcess proxy, TransferKind kind, SyntheticContent content, int clients, int rounds, CancellationToken cancellationToken)
    {
        int objects = (int)Math.Max(clients, LeastBytesARound / content.Length);
        List<TransferRound> direct = [];
        List<TransferRound> proxied = [];
        TransferComparison comparison = new(kind, content.Length, clients, direct, proxied);
        (Uri Endpoint, Func<TimeSpan>? ProxyTime, List<TransferRound> Into)[] sides = [(origin.Endpoint, null, direct), (proxy.Endpoint, () => proxy.ProcessorTime, proxied)];
        for (int round = 0; round <= rounds; round++)
        {
            // Whoever comes second may find the machine warmer or dirtier.
            foreach ((Uri endpoint, Func<TimeSpan>? proxyTime, List<TransferRound> into) in round % 2 == 0 ? sides : sides.Reverse())
            {
                TransferRound result = await load.RunAsync(endpoint, kind, content, clients, objects, proxyTime, cancellationToken);
                Console.Error.WriteLine($"{comparison.Title}, round {round} of {rounds}, {(proxyTime is null ? "direct" : "proxied")}: {result.MebibytesPerSecond:f0} MiB/s");
                if (round > 0)
                {
                    // The first of each is for warming up.
                    into.Add(result);
                }
            }
        }

        return comparison;
    }
}
