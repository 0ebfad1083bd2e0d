using System.Globalization;
using S3Proxy.Testing.Fleet;
using S3Proxy.Testing.Origin;
using S3Proxy.Testing.Redis;
using Xunit.Abstractions;

namespace S3Proxy.FleetTests;

/// <summary>
/// Waiting for another replica costs next to nothing, and ends at once: requirements W1, W7. Who waits looks for itself after 1, 2, 4 … seconds in case no wake comes, so the first
/// seconds cost most: the requirement's 99 % are those of a minute (<c>S3PROXY_FLEET_LONG</c>), and 95 % are asked of the first ten seconds.
/// </summary>
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

    /// <summary>Commands that replicas have scripts send and never send themselves. Redis counts both; a poll by script would have its own too.</summary>
    private static readonly HashSet<string> OfScripts = ["time", "hgetall", "hget", "hmget", "hset", "hdel", "hexists", "hlen", "exists", "pttl", "pexpire"];

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan WaitingLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);
    private readonly FleetSettings _settings = FleetSettings.FromEnvironment();

    [Theory]
    [InlineData(FleetKind.Push)]
    [InlineData(FleetKind.Cluster)]
    public async Task A_hundred_idle_waiters_cost_hardly_a_command(FleetKind kind)
    {
        if (await fleets.FindAsync(kind, output) is not { } bench)
        {
            return;
        }

        TimeSpan idle = TimeSpan.FromSeconds(_settings.IsLong ? 60 : 10);
        IdleObject[] objects = [.. Enumerable.Range(0, Waiters).Select(number => IdleObject.Prepare(bench.Origin, kind, number))];
        Task<(FleetRead Read, long FirstByte)>[] leaders = [.. objects.Select(target => ReadAsync(bench, 0, target))];
        await Task.WhenAll(objects.Select(target => target.Gate.ArrivedAsync(1)));
        Task<(FleetRead Read, long FirstByte)>[] followers = [.. objects.Select((target, number) => ReadAsync(bench, 1 + (number % 2), target))];
        await WaitUntilAllWaitAsync(bench);

        await bench.Redis.ResetCommandsAsync();
        await Task.Delay(idle, TimeProvider.System);
        IReadOnlyDictionary<string, long> commands = await bench.Redis.CommandsAsync();

        // One by one, so that each wake is measured by itself.
        List<TimeSpan> wakes = [];
        for (int i = 0; i < Waiters; i++)
        {
            objects[i].Gate.Release();
            (FleetRead leader, long leaderByte) = await leaders[i];
            (FleetRead follower, long followerByte) = await followers[i];
            bench.AssertAllRight([leader, follower]);
            wakes.Add(TimeProvider.System.GetElapsedTime(leaderByte, followerByte));
        }

        double polls = Waiters * (idle / PollInterval);
        long sent = commands.Where(use => !OfScripts.Contains(use.Key)).Sum(use => use.Value);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Waiters} waiters for {idle.TotalSeconds} s: {sent} commands sent where a poll would send {polls}: {1 - (sent / polls):p2} fewer ({string.Join(' ', commands.OrderByDescending(use => use.Value).Select(use => $"{use.Key} {use.Value}"))}); the follower's first byte came after the leader's: p50 {FirstBytes.Quantile(wakes, 0.5).TotalMilliseconds:f1} ms, p99 {FirstBytes.Quantile(wakes, 0.99).TotalMilliseconds:f1} ms"));
        OriginTraffic traffic = await bench.SettledTrafficAsync();
        Assert.True(traffic.GetCount == Waiters, string.Join('\n', traffic.Requests.GroupBy(request => request.Key).Where(group => group.Count() > 1).SelectMany(group => group).Select(request => $"{request} If-Match {request.IfMatch ?? "-"}")));
        Assert.True(sent <= polls * (_settings.IsLong ? 0.01 : 0.05), $"{sent} commands");
    }

    private static async Task<(FleetRead Read, long FirstByte)> ReadAsync(FleetBench bench, int replica, IdleObject target)
    {
        long started = TimeProvider.System.GetTimestamp();
        FleetRead read = await bench.Client.ReadAsync(bench.Fleet.Replicas[replica].Endpoint, ReplicaFleet.Bucket, target.Key, target.Content);
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
