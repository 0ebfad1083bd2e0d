using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using S3Proxy.Caching;
using S3Proxy.Caching.Redis;
using S3Proxy.Coalescing.Batching;
using S3Proxy.Configuration;
using S3Proxy.Fleet.Leases;
using S3Proxy.Telemetry;
using S3Proxy.Testing.Redis;

namespace S3Proxy.Micro.Lookups;

/// <summary>
/// Compares lookups that share round trips with one script each and with plain pipelined GETs, on a real Redis, in one run and in turns (requirements B1, B6). Every answer is checked.
/// </summary>
internal sealed class LookupComparison
{
    private const int Objects = 10_000;
    private const int RecordBytes = 700;
    private const int Rounds = 5;
    private static readonly int[] CallerCounts = [1, 16, 64, 512];
    private static readonly TimeSpan RoundTime = TimeSpan.FromSeconds(1);
    private readonly string[] _tags = [.. Enumerable.Range(0, Objects).Select(i => RedisKeys.TagOf(new ObjectId("main", "bucket", $"object-{i}")))];

    /// <summary>Runs, prints, and writes <c>OUTPUT.md</c> and <c>OUTPUT.json</c> where an output is named. False when an answer was wrong.</summary>
    public async Task<bool> RunAsync(string? output)
    {
        await using RedisServer server = await RedisServer.StartAsync();
        using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        IMeterFactory meters = services.GetRequiredService<IMeterFactory>();
        RedisConfiguration configuration = new() { Endpoints = [new RedisEndpoint("127.0.0.1", server.Port)], Timeout = TimeSpan.FromSeconds(10) };
        await using RedisConnections redis = new(configuration, new RedisMetrics(meters), TimeProvider.System, NullLogger.Instance);
        RedisKeys keys = new("bench", "main");
        LeaseMetrics metrics = new(meters);
        await using LeaseStore batched = new(redis, keys, "a", TimeSpan.FromHours(1), new BatcherOptions { MaxBatchItems = 4096 }, metrics, TimeProvider.System);
        await using LeaseStore single = new(redis, keys, "a", TimeSpan.FromHours(1), new BatcherOptions { IsEnabled = false }, metrics, TimeProvider.System);
        await FillAsync(redis, keys, batched);
        LookupWay[] ways =
        [
            new("shared round trips", i => IsKnownAsync(batched, i)),
            new("a script each, pipelined", i => IsKnownAsync(single, i)),
            new("a plain GET each, pipelined", async i => (await redis.GetRangeAsync(keys.Slice(_tags[i], 0), 0, RecordBytes * 2, CancellationToken.None)).Length == RecordBytes),
        ];
        List<(int Callers, LookupWay Way, LookupRound[] Rounds)> results = [];
        foreach (int callers in CallerCounts)
        {
            LookupRound[][] rounds = [.. ways.Select(_ => new LookupRound[Rounds])];
            for (int round = -1; round < Rounds; round++)
            {
                for (int way = 0; way < ways.Length; way++)
                {
                    LookupRound result = await MeasureAsync(server, ways[way], callers);
                    Console.Error.WriteLine($"{callers} callers, {ways[way].Name}: {result.PerSecond:f0}/s");
                    if (round >= 0)
                    {
                        rounds[way][round] = result;
                    }
                }
            }

            results.AddRange(ways.Select((way, i) => (callers, way, rounds[i])));
        }

        string report = Report(results);
        Console.WriteLine(report);
        if (output is not null)
        {
            await File.WriteAllTextAsync(output + ".md", report);
            await File.WriteAllTextAsync(output + ".json", JsonSerializer.Serialize(results.Select(result => new { result.Callers, Way = result.Way.Name, result.Rounds })));
        }

        return results.All(result => result.Rounds.All(round => round.Wrong == 0));
    }

    private async Task FillAsync(RedisConnections redis, RedisKeys keys, LeaseStore store)
    {
        byte[] record = new byte[RecordBytes];
        foreach (int[] some in Enumerable.Range(0, Objects).Chunk(256))
        {
            await Task.WhenAll(some.Select(async i =>
            {
                LeaseAnswer granted = await store.LookAsync(LookupOf(i), CancellationToken.None);
                await store.CommitAsync(_tags[i], granted, record, "version", generation: 0, run: null, CancellationToken.None);
                await redis.SetAsync(keys.Slice(_tags[i], 0), record, TimeSpan.FromHours(1), CancellationToken.None);
            }));
        }
    }

    private async ValueTask<bool> IsKnownAsync(LeaseStore store, int i) =>
        await store.LookAsync(LookupOf(i), CancellationToken.None) is { Verdict: LeaseVerdict.Known, Record.Length: RecordBytes };

    private LeaseLookup LookupOf(int i) => LeaseLookup.OfObject(_tags[i], tooOldMilliseconds: null, joined: 0, gone: 0);

    private static async Task<LookupRound> MeasureAsync(RedisServer server, LookupWay way, int callers)
    {
        await server.ResetStatsAsync();
        TimeSpan redisBefore = server.ProcessorTime;
        TimeSpan clientBefore = Process.GetCurrentProcess().TotalProcessorTime;
        long start = TimeProvider.System.GetTimestamp();
        List<long>[] times = [.. Enumerable.Range(0, callers).Select(_ => new List<long>())];
        int wrong = 0;
        await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            Random random = new(caller);
            while (TimeProvider.System.GetElapsedTime(start) < RoundTime)
            {
                long begin = TimeProvider.System.GetTimestamp();
                if (!await way.LookAsync(random.Next(Objects)))
                {
                    Interlocked.Increment(ref wrong);
                }

                times[caller].Add(TimeProvider.System.GetTimestamp() - begin);
            }
        })));
        TimeSpan elapsed = TimeProvider.System.GetElapsedTime(start);
        TimeSpan client = Process.GetCurrentProcess().TotalProcessorTime - clientBefore;
        TimeSpan redis = server.ProcessorTime - redisBefore;
        IReadOnlyDictionary<string, RedisCommandUse> commands = await server.CommandStatsAsync();
        long[] all = [.. times.SelectMany(each => each).Order()];
        long sent = (commands.GetValueOrDefault("evalsha")?.Calls ?? 0) + (commands.GetValueOrDefault("getrange")?.Calls ?? 0);
        return new LookupRound(
            all.Length / elapsed.TotalSeconds,
            TimeProvider.System.GetElapsedTime(0, all[all.Length / 2]),
            TimeProvider.System.GetElapsedTime(0, all[all.Length * 99 / 100]),
            client.TotalMicroseconds / all.Length,
            redis.TotalMicroseconds / all.Length,
            (double)sent / all.Length,
            wrong);
    }

    private static string Report(IReadOnlyList<(int Callers, LookupWay Way, LookupRound[] Rounds)> results)
    {
        StringBuilder report = new();
        report.AppendLine("# Lookups in Redis").AppendLine();
        report.AppendLine(CultureInfo.InvariantCulture,
            $"{Environment.ProcessorCount} processors, {RuntimeInformation.OSDescription}, .NET {Environment.Version}, Redis on the same machine. Medians of {Rounds} rounds of {RoundTime.TotalSeconds:0} s, the ways in turns, after one to warm up. {Objects:N0} objects with records of {RecordBytes} bytes, all of them known; every answer checked. Ratios are to plain GETs with as many callers.");
        report.AppendLine().AppendLine("`dotnet run --project loadtests/Micro -c Release -- lookups`").AppendLine();
        report.AppendLine("| callers | way | lookups/s | ratio | p50, ms | p99, ms | CPU of the caller, µs | CPU of Redis, µs | commands a lookup |").AppendLine("|---:|---|---:|---:|---:|---:|---:|---:|---:|");
        foreach (IGrouping<int, (int Callers, LookupWay Way, LookupRound[] Rounds)> group in results.GroupBy(result => result.Callers))
        {
            double plain = Median(group.Last().Rounds, round => round.PerSecond);
            foreach ((int callers, LookupWay way, LookupRound[] rounds) in group)
            {
                double rate = Median(rounds, round => round.PerSecond);
                report.AppendLine(CultureInfo.InvariantCulture,
                    $"| {callers} | {way.Name} | {rate:N0} | {rate / plain:f2} | {Median(rounds, round => round.P50.TotalMilliseconds):f2} | {Median(rounds, round => round.P99.TotalMilliseconds):f2} | {Median(rounds, round => round.ClientMicroseconds):f1} | {Median(rounds, round => round.RedisMicroseconds):f1} | {Median(rounds, round => round.Commands):f3} |");
            }
        }

        return report.ToString();
    }

    private static double Median(LookupRound[] rounds, Func<LookupRound, double> of) => rounds.Select(of).Order().ElementAt(rounds.Length / 2);
}
