using System.Globalization;
using S3Proxy.FleetTests.History;
using S3Proxy.Testing.Fleet;
using Xunit.Abstractions;

namespace S3Proxy.FleetTests;

/// <summary>After a write through one replica, no replica gives out an older body: requirements I1, I2, I6.</summary>
[Collection(Fleets.Name)]
public sealed class ReadYourWritesTests(SharedFleets fleets, ITestOutputHelper output)
{
    private const int Objects = 10;
    private const int Readers = 6;
    private readonly FleetSettings _settings = FleetSettings.FromEnvironment();

    [Theory]
    [InlineData(FleetKind.Push)]
    [InlineData(FleetKind.Poll)]
    [InlineData(FleetKind.Cluster)]
    public async Task A_thousand_writes_are_seen_by_all_while_replicas_are_made_deaf_at_random(FleetKind kind)
    {
        if (await fleets.FindAsync(kind, output) is not { } bench)
        {
            return;
        }

        // The first kind carries the requirement's number; the others show that the way of waiting makes no difference.
        int writes = kind == FleetKind.Push || _settings.IsLong ? 1000 : 300;
        WriteLoad load = new(bench, $"written-{kind}", Objects, writes / Objects, Readers, _settings.Seed);
        int drops = 0;
        long started = TimeProvider.System.GetTimestamp();

        await load.RunAsync(async random =>
        {
            if (random.Next(2) == 0)
            {
                await bench.Redis.DropSubscriptionsAsync();
                drops++;
            }
        });

        IReadOnlyList<string> violations = load.History.FindViolations();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{_settings}: {load.History.Writes} writes and {load.History.Reads} reads in {TimeProvider.System.GetElapsedTime(started).TotalSeconds:f1} s, subscriptions dropped {drops} times; {violations.Count} violations, {load.History.FindInversionsBetweenClients().Count} reads behind another client's"));
        Assert.True(violations.Count == 0, $"{_settings}: {violations.Count} violations:\n{string.Join('\n', violations.Take(10))}\n{await bench.DescribeAsync()}");
        bench.AssertAllRight(load.Failed);
        Assert.Empty(load.FailedWrites);
    }

    /// <summary>A replica that was held longer than its lease lasts answers nothing old when it goes on, also what it is asked first.</summary>
    [Fact]
    public async Task A_replica_that_was_paused_tells_nothing_old_when_it_goes_on()
    {
        if (await fleets.FindAsync(FleetKind.Push, output) is not { } bench)
        {
            return;
        }

        FleetHistory history = new();
        FleetReplica paused = bench.Fleet.Replicas[2];
        VersionedObject[] objects = [.. Enumerable.Range(0, 50).Select(number => new VersionedObject(string.Create(CultureInfo.InvariantCulture, $"paused-{number}"), (ulong)number + 5000))];
        foreach (VersionedObject target in objects)
        {
            Assert.Null((await target.WriteAsync(bench.Client, bench.Fleet.Replicas[0].Endpoint, history)).Failure);
            bench.AssertAllRight([await target.ReadAsync(bench.Client, paused, reader: 0, history)]);
        }

        paused.Pause();
        FleetWrite[] writes;
        Task<FleetRead>[] reads;
        try
        {
            // These wait until the lease of the paused one is over. What it is asked now it answers first when it goes on.
            writes = await Task.WhenAll(objects.Select(target => target.WriteAsync(bench.Client, bench.Fleet.Replicas[0].Endpoint, history)));
            reads = [.. objects.Select(target => target.ReadAsync(bench.Client, paused, reader: 1, history))];
        }
        finally
        {
            paused.Resume();
        }

        FleetRead[] ended = await Task.WhenAll(reads);
        IReadOnlyList<string> violations = history.FindViolations();
        output.WriteLine(FirstBytes.Describe(ended));
        Assert.True(violations.Count == 0, $"{violations.Count} violations:\n{string.Join('\n', violations.Take(10))}\n{await bench.DescribeAsync()}");
        Assert.All(writes, write => Assert.Null(write.Failure));
        bench.AssertAllRight(ended);
    }

    /// <summary>The same load before replicas that know nothing of each other: what is to be found is found.</summary>
    [Fact]
    public async Task Without_Redis_the_history_shows_older_bodies()
    {
        if (await fleets.FindAsync(FleetKind.Alone, output) is not { } bench)
        {
            return;
        }

        WriteLoad load = new(bench, "unshared", objects: 4, writesPerObject: 10, readers: 2, _settings.Seed);

        await load.RunAsync();

        bench.AssertAllRight(load.Failed);
        Assert.Empty(load.FailedWrites);
        Assert.NotEmpty(load.History.FindViolations());
    }
}
