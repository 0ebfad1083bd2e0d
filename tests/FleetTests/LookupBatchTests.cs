using System.Globalization;
using S3Proxy.Testing.Fleet;
using Xunit.Abstractions;

namespace S3Proxy.FleetTests;

/// <summary>Lookups that come while one is under way share round trips: requirements B1, B6.</summary>
[Collection(Fleets.Name)]
public sealed class LookupBatchTests(ITestOutputHelper output)
{
    private const int Lookups = 512;
    private const int MaxBatchSize = 64;
    private const int LoneLookups = 60;

    [Fact]
    public async Task Concurrent_lookups_take_one_round_trip_for_each_full_batch()
    {
        if (FleetBench.FindMissing(FleetKind.Push) is { } reason)
        {
            output.WriteLine($"skipped: {reason}");
            return;
        }

        await using FleetBench bench = await StartAsync(batching: true);
        string[] keys = await FillRedisAsync(bench, "many", Lookups);
        FleetReplica asked = bench.Fleet.Replicas[1];

        // Signatures, code and connections are made ready, so that all requests come within the first round trip.
        await AskAsync(bench, asked, await FillRedisAsync(bench, "warm", Lookups));
        bench.Redis.Way!.Delay = TimeSpan.FromMilliseconds(200);
        double before = await RoundTripsAsync(bench, asked);
        await AskAsync(bench, asked, keys);
        double trips = await RoundTripsAsync(bench, asked) - before;
        bench.Redis.Way.Delay = TimeSpan.Zero;

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Lookups} lookups at once took {trips} round trips"));
        Assert.Equal(2 * Lookups, (await bench.SettledTrafficAsync()).RequestCount);

        // The first goes alone and at once: nothing gathers while nothing is under way.
        Assert.InRange(trips, 1, (Lookups / MaxBatchSize) + 1);
    }

    /// <summary>Reported only: a time.</summary>
    [Fact]
    public async Task A_lone_lookup_does_not_wait_for_others()
    {
        if (FleetBench.FindMissing(FleetKind.Push) is { } reason)
        {
            output.WriteLine($"skipped: {reason}");
            return;
        }

        TimeSpan batched = await MeasureLoneAsync(batching: true);
        TimeSpan direct = await MeasureLoneAsync(batching: false);

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"a lone lookup: p50 {batched.TotalMilliseconds:f2} ms batched, {direct.TotalMilliseconds:f2} ms direct: {batched / direct:f2}"));
    }

    private static Task<FleetBench> StartAsync(bool batching) =>
        FleetBench.StartAsync(FleetKind.Push, new FleetOptions { Replicas = 2, Batching = batching }, hasWay: true, redisSettings: "timeout: 5s, lease: 20s");

    private static async Task<TimeSpan> MeasureLoneAsync(bool batching)
    {
        await using FleetBench bench = await StartAsync(batching);
        List<TimeSpan> times = [];
        foreach (string key in await FillRedisAsync(bench, "lone", LoneLookups))
        {
            long started = TimeProvider.System.GetTimestamp();
            await AskAsync(bench, bench.Fleet.Replicas[1], [key]);
            times.Add(TimeProvider.System.GetElapsedTime(started));
        }

        // The first third makes the code ready.
        return FirstBytes.Quantile(times.Skip(LoneLookups / 3), 0.5);
    }

    /// <summary>Has the first replica fetch objects, so that Redis knows them and the other replica's memory does not.</summary>
    private static async Task<string[]> FillRedisAsync(FleetBench bench, string prefix, int count)
    {
        string[] keys = [.. Enumerable.Range(0, count).Select(number => string.Create(CultureInfo.InvariantCulture, $"{prefix}-{number}"))];
        foreach (string key in keys)
        {
            bench.Origin.PutSynthetic(ReplicaFleet.Bucket, key, 100, 1);
        }

        foreach (string[] few in keys.Chunk(32))
        {
            await AskAsync(bench, bench.Fleet.Replicas[0], few);
        }

        return keys;
    }

    private static async Task AskAsync(FleetBench bench, FleetReplica replica, string[] keys)
    {
        int[] statuses = await Task.WhenAll(keys.Select(key => bench.Client.HeadAsync(replica.Endpoint, ReplicaFleet.Bucket, key)));
        Assert.All(statuses, status => Assert.Equal(200, status));
    }

    private static async Task<double> RoundTripsAsync(FleetBench bench, FleetReplica replica) =>
        (await bench.Client.ScrapeAsync(replica)).Sum("s3proxy_redis_commands_total", "command=\"lease-look\"");
}
