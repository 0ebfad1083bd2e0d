using System.Globalization;
using S3Proxy.Testing.Fleet;
using S3Proxy.Testing.Integrity;
using S3Proxy.Testing.Origin;
using Xunit.Abstractions;

namespace S3Proxy.FleetTests;

/// <summary>Many clients of many replicas want the same: requirements W1, F13, F2, W7 (with push and without).</summary>
[Collection(Fleets.Name)]
public sealed class HerdTests(SharedFleets fleets, ITestOutputHelper output)
{
    private const int MiB = 1 << 20;
    private const int ObjectBytes = 8 * MiB;
    private readonly FleetSettings _settings = FleetSettings.FromEnvironment();

    [Theory]
    [InlineData(FleetKind.Alone)]
    [InlineData(FleetKind.Push)]
    [InlineData(FleetKind.Poll)]
    [InlineData(FleetKind.Cluster)]
    public async Task Three_hundred_clients_of_a_cold_object_cost_one_get(FleetKind kind)
    {
        if (await fleets.FindAsync(kind, output) is not { } bench)
        {
            return;
        }

        SyntheticContent content = bench.Origin.PutSynthetic(ReplicaFleet.Bucket, $"herd-{kind}", ObjectBytes, 1);
        SlowDown(bench);
        FleetRead[] direct = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => bench.Client.ReadAsync(bench.Origin.Endpoint, ReplicaFleet.Bucket, $"herd-{kind}", content)));
        (await bench.SettledTrafficAsync()).Reset();

        FleetRead[] reads = await Task.WhenAll(
            Enumerable.Range(0, 300).Select(number => bench.Client.ReadAsync(bench.Fleet.EndpointFor(number), ReplicaFleet.Bucket, $"herd-{kind}", content)));

        output.WriteLine($"direct:  {FirstBytes.Describe(direct)}\nproxied: {FirstBytes.Describe(reads)}");
        bench.AssertAllRight(reads);
        await AssertFetchedOnceAsync(bench);
    }

    /// <summary>Each wave has its headers, and so has joined, while the one fetch is held in the middle of its body.</summary>
    [Theory]
    [InlineData(FleetKind.Alone)]
    [InlineData(FleetKind.Push)]
    [InlineData(FleetKind.Poll)]
    [InlineData(FleetKind.Cluster)]
    public async Task Waves_of_ten_cost_one_get(FleetKind kind)
    {
        if (await fleets.FindAsync(kind, output) is not { } bench)
        {
            return;
        }

        SyntheticContent content = bench.Origin.PutSynthetic(ReplicaFleet.Bucket, $"waves-{kind}", ObjectBytes, 2);
        OriginGate gate = new();
        bench.Origin.Faults.Add(RequestMatch.AnyGet, new FaultEffects { HoldInBody = new BodyHold(gate, MiB + 5) });
        List<Task<FleetRead>> reads = [];
        for (int wave = 0; wave < 5; wave++)
        {
            TaskCompletionSource[] opened = [.. Enumerable.Range(0, 10).Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))];
            reads.AddRange(opened.Select((own, number) =>
                bench.Client.ReadAsync(bench.Fleet.EndpointFor(number), ReplicaFleet.Bucket, $"waves-{kind}", content, own.SetResult)));
            await Task.WhenAll(opened.Select(own => own.Task));
            await gate.ArrivedAsync(bench.Fetchers);
        }

        gate.Release();

        FleetRead[] ended = await Task.WhenAll(reads);
        output.WriteLine(FirstBytes.Describe(ended));
        bench.AssertAllRight(ended);
        await AssertFetchedOnceAsync(bench);
    }

    [Theory]
    [InlineData(FleetKind.Alone)]
    [InlineData(FleetKind.Push)]
    [InlineData(FleetKind.Poll)]
    [InlineData(FleetKind.Cluster)]
    public async Task One_hundred_clients_of_a_cold_range_cost_one_get(FleetKind kind)
    {
        if (await fleets.FindAsync(kind, output) is not { } bench)
        {
            return;
        }

        SyntheticContent content = bench.Origin.PutSynthetic(ReplicaFleet.Bucket, $"range-{kind}", ObjectBytes, 3);
        SlowDown(bench);

        FleetRead[] reads = await Task.WhenAll(Enumerable.Range(0, 100).Select(number =>
            bench.Client.ReadRangeAsync(bench.Fleet.EndpointFor(number), ReplicaFleet.Bucket, $"range-{kind}", content, MiB + 500_000, 2 * MiB)));

        output.WriteLine(FirstBytes.Describe(reads));
        bench.AssertAllRight(reads);
        OriginTraffic traffic = await bench.SettledTrafficAsync();
        Assert.True(traffic.GetCount == bench.Fetchers, Describe(traffic));
    }

    /// <summary>Runs of different readers meet in the middle, and none brings what another brings; a little is left for answers that cross.</summary>
    [Theory]
    [InlineData(FleetKind.Alone)]
    [InlineData(FleetKind.Push)]
    [InlineData(FleetKind.Poll)]
    [InlineData(FleetKind.Cluster)]
    public async Task Random_ranges_of_a_cold_object_fetch_hardly_more_than_it(FleetKind kind)
    {
        if (await fleets.FindAsync(kind, output) is not { } bench)
        {
            return;
        }

        output.WriteLine(_settings.ToString());
        Random random = new(_settings.Seed);
        SyntheticContent content = bench.Origin.PutSynthetic(ReplicaFleet.Bucket, $"ranges-{kind}", ObjectBytes, 4);
        SlowDown(bench);
        (long Offset, long Length)[] ranges = [.. Enumerable.Range(0, 100).Select(_ =>
        {
            long length = 1 + random.Next(2 * MiB);
            return (random.NextInt64(ObjectBytes - length), length);
        })];

        FleetRead[] reads = await Task.WhenAll(ranges.Select((range, number) =>
            bench.Client.ReadRangeAsync(bench.Fleet.EndpointFor(number), ReplicaFleet.Bucket, $"ranges-{kind}", content, range.Offset, range.Length)));

        OriginTraffic traffic = await bench.SettledTrafficAsync();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{FirstBytes.Describe(reads)}; {traffic.GetCount} GETs, {(double)traffic.BodyBytesSent / ObjectBytes:f2} of the object"));
        bench.AssertAllRight(reads);
        Assert.True(traffic.BodyBytesSent <= ObjectBytes * bench.Fetchers * 5 / 4, Describe(traffic));
    }

    private static void SlowDown(FleetBench bench)
    {
        bench.Origin.FirstByteDelay = TimeSpan.FromMilliseconds(100);
        bench.Origin.BytesPerSecond = 4_000_000;
    }

    private static async Task AssertFetchedOnceAsync(FleetBench bench)
    {
        OriginTraffic traffic = await bench.SettledTrafficAsync();
        Assert.True(traffic.GetCount == bench.Fetchers, Describe(traffic));
        Assert.Equal(0, traffic.HeadCount);
        Assert.Equal((long)ObjectBytes * bench.Fetchers, traffic.BodyBytesSent);
    }

    private static string Describe(OriginTraffic traffic) => $"{traffic.GetCount} GETs:\n{string.Join('\n', traffic.Requests)}";
}
