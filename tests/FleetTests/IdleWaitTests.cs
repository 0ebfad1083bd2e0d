using System.Globalization;
using S3Proxy.Testing.Fleet;
using S3Proxy.Testing.Integrity;
using S3Proxy.Testing.Origin;
using S3Proxy.Testing.Redis;
using Xunit.Abstractions;

namespace S3Proxy.FleetTests;

/// <summary>Waiting for another replica costs next to nothing, and ends at once: requirements W1, W7.</summary>
[Collection(Fleets.Name)]
public sealed class IdleWaitTests(SharedFleets fleets, ITestOutputHelper output)
{
    private const int Waiters = 100;
    private const string CountWaited = """
        local waited, cursor = 0, '0'
        repeat
          local page = redis.call('SCAN', cursor, 'MATCH', '*:o:*', 'COUNT', 1000)
          cursor = page[1]
          for _, key in ipairs(page[2]) do
            local waiting = redis.call('HGET', key, 'w')
            if waiting and #waiting > 0 then waited = waited + 1 end
          end
        until cursor == '0'
        return waited
        """;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan WaitingLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);
    private readonly FleetSettings _settings = FleetSettings.FromEnvironment();

    [Theory]
    [InlineData(FleetKind.Push)]
    [InlineData(FleetKind.Cluster)]
    public async Task A_hundred_idle_waiters_cost_a_hundredth_of_a_poll(FleetKind kind)
    {
        if (await fleets.FindAsync(kind, output) is not { } bench)
        {
            return;
        }

        TimeSpan idle = TimeSpan.FromSeconds(_settings.IsLong ? 60 : 10);
        OriginGate gate = new();
        bench.Origin.Faults.Add(RequestMatch.AnyGet, new FaultEffects { HoldBeforeHeaders = gate });
        (string Key, SyntheticContent Content)[] objects = [.. Enumerable.Range(0, Waiters).Select(number =>
        {
            string key = string.Create(CultureInfo.InvariantCulture, $"idle-{kind}-{number}");
            return (key, bench.Origin.PutSynthetic(ReplicaFleet.Bucket, key, 1000, (ulong)number + 1));
        })];
        List<Task<(FleetRead Read, long FirstByte)>> leaders = [];
        foreach ((string key, SyntheticContent content) in objects)
        {
            leaders.Add(ReadAsync(bench, 0, key, content));
            await gate.ArrivedAsync(leaders.Count);
        }

        Task<(FleetRead Read, long FirstByte)>[] followers = [.. objects.Select((target, number) => ReadAsync(bench, 1 + (number % 2), target.Key, target.Content))];
        await WaitUntilAllWaitAsync(bench);

        await bench.Redis.ResetCommandsAsync();
        await Task.Delay(idle, TimeProvider.System);
        IReadOnlyDictionary<string, long> commands = await bench.Redis.CommandsAsync();
        int arrived = gate.Arrived;

        // One by one, in the order in which they came, so that each wake is measured by itself.
        List<TimeSpan> wakes = [];
        for (int i = 0; i < Waiters; i++)
        {
            gate.ReleaseOne();
            (FleetRead leader, long leaderByte) = await leaders[i];
            (FleetRead follower, long followerByte) = await followers[i];
            bench.AssertAllRight([leader, follower]);
            wakes.Add(TimeProvider.System.GetElapsedTime(leaderByte, followerByte));
        }

        gate.Release();
        double polls = Waiters * (idle / PollInterval);
        long sent = commands.Values.Sum();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Waiters} waiters for {idle.TotalSeconds} s: {sent} commands where a poll would send {polls}: {1 - (sent / polls):p2} fewer ({string.Join(' ', commands.OrderByDescending(use => use.Value).Select(use => $"{use.Key} {use.Value}"))}); after the leader's first byte the follower's came p50 {FirstBytes.Quantile(wakes, 0.5).TotalMilliseconds:f1} ms, p99 {FirstBytes.Quantile(wakes, 0.99).TotalMilliseconds:f1} ms"));
        Assert.Equal(Waiters, arrived);
        Assert.Equal(Waiters, (await bench.SettledTrafficAsync()).GetCount);
        Assert.True(sent <= polls / 100, $"{sent} commands");
    }

    private static async Task<(FleetRead Read, long FirstByte)> ReadAsync(FleetBench bench, int replica, string key, SyntheticContent content)
    {
        long started = TimeProvider.System.GetTimestamp();
        FleetRead read = await bench.Client.ReadAsync(bench.Fleet.Replicas[replica].Endpoint, ReplicaFleet.Bucket, key, content);
        return (read, started + (long)(read.FirstByte.TotalSeconds * TimeProvider.System.TimestampFrequency));
    }

    /// <summary>Every key is held by one replica and waited for by another: Redis itself says so (decision 0015, field <c>w</c>).</summary>
    private static async Task WaitUntilAllWaitAsync(FleetBench bench)
    {
        long started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            long waited = 0;
            foreach (RedisServer node in bench.Redis.Nodes)
            {
                waited += (long)(await node.CommandAsync("EVAL", CountWaited, "0"))!;
            }

            if (waited >= Waiters)
            {
                return;
            }

            Assert.True(TimeProvider.System.GetElapsedTime(started) < WaitingLimit, $"Only {waited} of {Waiters} objects are waited for; {bench.Origin.Traffic.GetCount} GETs.");
            await Task.Delay(BetweenLooks, TimeProvider.System);
        }
    }
}
