using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using S3Proxy.Demo.Fleet;
using S3Proxy.Testing.Fleet;
using S3Proxy.Testing.Redis;

namespace S3Proxy.Demo.Commands;

/// <summary>Measures what a shared Redis gains three replicas (requirements C3, W1): the same Zipf load with it and without.</summary>
internal static class FleetCommand
{
    private const int ObjectBytes = 64 * 1024;
    private const int Clients = 24;
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private static readonly FleetOptions Options = new()
    {
        // Small beside the objects, so that each replica evicts.
        Memory = "32MiB",
        FirstByteDelay = TimeSpan.FromMilliseconds(20),
        Rule = "{ mode: immutable }",
        MaxRecordedOriginRequests = 0,
    };

    public static Command Create()
    {
        Option<int> objects = CheckedOption.Create("--objects", "Objects of 64 KiB.", 1, 1_000_000, standard: 3000);
        Option<int> requests = CheckedOption.Create("--requests", "Requests in all.", 1, 10_000_000, standard: 20_000);
        Option<string?> output = new("--output") { Description = "Where results go, without extension; .md and .json are written." };
        Command command = new("fleet", "Compares three replicas with and without a Redis between them.") { objects, requests, output };
        command.SetAction((parsed, _) => RunAsync(parsed.GetValue(objects), parsed.GetValue(requests), parsed.GetValue(output)));
        return command;
    }

    private static async Task<int> RunAsync(int objects, int requests, string? output)
    {
        if (RedisServer.FindMissing() is { } reason)
        {
            await Console.Error.WriteLineAsync(reason);
            return 1;
        }

        FleetLoad load = new(objects, ObjectBytes, requests, Clients);
        List<FleetRound> rounds = [await load.RunAsync("without Redis", Options)];
        await using (RedisServer redis = await RedisServer.StartAsync())
        {
            rounds.Add(await load.RunAsync("with Redis", Options with { Redis = $"{{ connection: \"{redis.Address}\" }}" }));
        }

        string report = Write(rounds, objects);
        Console.WriteLine(report);
        if (output is not null)
        {
            await File.WriteAllTextAsync(output + ".md", report);
            await File.WriteAllTextAsync(output + ".json", JsonSerializer.Serialize(rounds, Indented));
        }

        return rounds.All(round => round.Failed == 0) ? 0 : 1;
    }

    private static string Write(List<FleetRound> rounds, int objects)
    {
        StringBuilder report = new();
        report.AppendLine("# What a Redis between replicas gains").AppendLine();
        report.AppendLine(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} processors; three replicas with {Options.Memory} of memory each, Redis, origin and {Clients} clients on the same machine. {objects} objects of 64 KiB, Zipf popularity,");
        report.AppendLine("each request to a random replica, the same requests in both runs; the origin's first byte after 20 ms; every byte compared. Processor time is that of the replicas.").AppendLine();
        report.AppendLine("`dotnet run --project loadtests/Demo -c Release -- fleet`").AppendLine();
        report.AppendLine("| | requests | hit ratio | origin GETs | MiB from the origin | requests/s | CPU a request, µs | first byte p50 / p99, ms | failed |");
        report.AppendLine("|---|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach (FleetRound round in rounds)
        {
            report.AppendLine(CultureInfo.InvariantCulture,
                $"| {round.Name} | {round.Requests} | {round.HitRatio:p1} | {round.OriginGets} | {round.OriginBytes / 1048576} | {round.RequestsPerSecond:f0} | {round.ProcessorMicrosecondsPerRequest:f0} | {round.FirstByteP50Milliseconds:f1} / {round.FirstByteP99Milliseconds:f0} | {round.Failed} |");
        }

        report.AppendLine();
        report.AppendLine(CultureInfo.InvariantCulture, $"With Redis over without: **{(double)rounds[1].OriginGets / rounds[0].OriginGets:f2}×** the origin's GETs, **{rounds[1].RequestsPerSecond / rounds[0].RequestsPerSecond:f2}×** the requests a second.");
        return report.ToString();
    }
}
