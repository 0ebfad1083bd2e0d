using System.Globalization;
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
