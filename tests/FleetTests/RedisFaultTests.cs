using System.Globalization;
using S3Proxy.FleetTests.History;
using S3Proxy.Testing.Fleet;
using S3Proxy.Testing.Integrity;
using S3Proxy.Testing.Redis;
using Xunit.Abstractions;

namespace S3Proxy.FleetTests;

/// <summary>Redis fails under load, and comes back: requirements W8, W5, I1.</summary>
[Collection(Fleets.Name)]
public sealed class RedisFaultTests(ITestOutputHelper output)
{
    private const int KiB = 1024;
    private const int ColdClientsPerReplica = 4;
    private static readonly TimeSpan RecoveryLimit = TimeSpan.FromSeconds(45);
    private readonly FleetSettings _settings = FleetSettings.FromEnvironment();

    [Theory]
    [InlineData(RedisFault.Stopped)]
    [InlineData(RedisFault.Paused)]
    [InlineData(RedisFault.Flushed)]
    [InlineData(RedisFault.Slow)]
    [InlineData(RedisFault.Partitioned)]
    public async Task No_client_notices_and_the_fleet_recovers_by_itself(RedisFault fault)
    {
        if (FleetBench.FindMissing(FleetKind.Push) is { } reason)
        {
            output.WriteLine($"skipped: {reason}");
            return;
        }

        TimeSpan duration = TimeSpan.FromSeconds(_settings.IsLong ? 30 : 4);
        await using FleetBench bench = await FleetBench.StartAsync(FleetKind.Push, new FleetOptions(), hasWay: true);
        ReadLoad immutable = new(bench, ReplicaFleet.ImmutableBucket, Objects(bench, ReplicaFleet.ImmutableBucket, 16));
        ReadLoad mutable = new(bench, ReplicaFleet.Bucket, Objects(bench, ReplicaFleet.Bucket, 8));
        VersionedObject written = new("written", 1000);
        FleetHistory history = new();
        await immutable.WarmAsync();
        await mutable.WarmAsync();
        await WriteAndReadAsync(bench, written, history);
        immutable.Start(clients: 4, _settings.Seed);
        mutable.Start(clients: 4, _settings.Seed + 100);
        double hitsBefore = await immutable.MeasureAsync(TimeSpan.FromSeconds(2));
        await BeginAsync(bench, fault);
        long immutableGetsBefore = GetsOf(bench, ReplicaFleet.ImmutableBucket, "hot");

        Task<double> measuring = immutable.MeasureAsync(duration);
        long[] coldGets = await ReadColdAsync(bench, $"cold-{fault}", objects: 5);
        TimeSpan writing = await WriteAndReadAsync(bench, written, history);
        if (fault == RedisFault.Flushed)
        {
            await bench.Redis.Nodes[0].FlushAllAsync();
        }

        double hitsDuring = await measuring;
        long immutableGetsDuring = GetsOf(bench, ReplicaFleet.ImmutableBucket, "hot") - immutableGetsBefore;
        await EndAsync(bench, fault);
        TimeSpan recovery = await RecoverAsync(bench, fault);
        await WriteAndReadAsync(bench, written, history);
        await immutable.EndAsync();
        await mutable.EndAsync();

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{_settings}: {immutable.Reads} immutable and {mutable.Reads} other reads; hits/s before {hitsBefore:f0}, during {hitsDuring / hitsBefore:f2} of that; GETs of cold objects during the fault {string.Join(' ', coldGets)}; a write took {writing.TotalSeconds:f2} s; one GET for the fleet again after {recovery.TotalSeconds:f1} s"));
        bench.AssertAllRight(immutable.Failed);
        bench.AssertAllRight(mutable.Failed);
        Assert.Equal(0, immutableGetsDuring);
        Assert.All(coldGets, gets => Assert.InRange(gets, 1, bench.Fleet.Replicas.Count));
        Assert.Empty(history.FindViolations());
    }

    private static (string Key, SyntheticContent Content)[] Objects(FleetBench bench, string bucket, int count) => [.. Enumerable.Range(0, count).Select(number =>
    {
        string key = string.Create(CultureInfo.InvariantCulture, $"hot-{number}");
        return (key, bench.Origin.PutSynthetic(bucket, key, 64 * KiB, (ulong)number + 1));
    })];

    private static async Task BeginAsync(FleetBench bench, RedisFault fault)
    {
        RedisServer server = bench.Redis.Nodes[0];
        switch (fault)
        {
            case RedisFault.Stopped:
                server.Stop();
                break;
            case RedisFault.Paused:
                server.Pause();
                break;
            case RedisFault.Flushed:
                await server.FlushAllAsync();
                break;
            case RedisFault.Slow:
                bench.Redis.Way!.Delay = TimeSpan.FromMilliseconds(100);
                break;
            default:
                bench.Redis.Way!.Hold();
                break;
        }
    }

    private static async Task EndAsync(FleetBench bench, RedisFault fault)
    {
        RedisServer server = bench.Redis.Nodes[0];
        switch (fault)
        {
            case RedisFault.Stopped:
                await server.RestartAsync();
                break;
            case RedisFault.Paused:
                server.Resume();
                break;
            case RedisFault.Flushed:
                break;
            case RedisFault.Slow:
                bench.Redis.Way!.Delay = TimeSpan.Zero;
                break;
            default:
                bench.Redis.Way!.Release();
                break;
        }
    }

    private static long GetsOf(FleetBench bench, string bucket, string prefix) => bench.Origin.Traffic.CountOf(
        request => request.Bucket == bucket && request.Method == "GET" && request.Key?.StartsWith(prefix, StringComparison.Ordinal) == true);

    /// <summary>Has clients of all replicas read objects that nobody has yet, at once, and tells how often each was fetched.</summary>
    private static async Task<long[]> ReadColdAsync(FleetBench bench, string prefix, int objects)
    {
        bench.Origin.FirstByteDelay = TimeSpan.FromMilliseconds(50);
        long[] gets = new long[objects];
        for (int i = 0; i < objects; i++)
        {
            string key = string.Create(CultureInfo.InvariantCulture, $"{prefix}-{i}");
            SyntheticContent content = bench.Origin.PutSynthetic(ReplicaFleet.ImmutableBucket, key, 100 * KiB, (ulong)i + 100);
            int clients = bench.Fleet.Replicas.Count * ColdClientsPerReplica;
            bench.AssertAllRight(await Task.WhenAll(
                Enumerable.Range(0, clients).Select(number => bench.Client.ReadAsync(bench.Fleet.EndpointFor(number), ReplicaFleet.ImmutableBucket, key, content))));
            gets[i] = GetsOf(bench, ReplicaFleet.ImmutableBucket, key);
        }

        return gets;
    }

    /// <summary>Writes through one replica, reads through all, and tells how long the write took.</summary>
    private static async Task<TimeSpan> WriteAndReadAsync(FleetBench bench, VersionedObject written, FleetHistory history)
    {
        long started = TimeProvider.System.GetTimestamp();
        FleetWrite write = await written.WriteAsync(bench.Client, bench.Fleet.EndpointFor(0), history);
        TimeSpan elapsed = TimeProvider.System.GetElapsedTime(started);
        Assert.True(write.Failure is null, write.Failure);
        foreach (FleetReplica replica in bench.Fleet.Replicas)
        {
            bench.AssertAllRight([await written.ReadAsync(bench.Client, replica, reader: 0, history)]);
        }

        return elapsed;
    }

    /// <summary>Asks for ever new objects until one costs the fleet one GET, and tells how long that took.</summary>
    private static async Task<TimeSpan> RecoverAsync(FleetBench bench, RedisFault fault)
    {
        long started = TimeProvider.System.GetTimestamp();
        for (int i = 0; TimeProvider.System.GetElapsedTime(started) < RecoveryLimit; i++)
        {
            if (await ReadColdAsync(bench, string.Create(CultureInfo.InvariantCulture, $"after-{fault}-{i}"), objects: 1) is [1])
            {
                return TimeProvider.System.GetElapsedTime(started);
            }
        }

        Assert.Fail($"The replicas still fetch each for itself {RecoveryLimit} after Redis was well again.\n{await bench.DescribeAsync()}");
        return default;
    }
}
