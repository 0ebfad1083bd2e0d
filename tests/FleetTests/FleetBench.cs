using S3Proxy.Testing.Fleet;
using S3Proxy.Testing.Origin;
using S3Proxy.Testing.Programs;
using S3Proxy.Testing.Redis;

namespace S3Proxy.FleetTests;

/// <summary>A fleet and what it stands on.</summary>
internal sealed class FleetBench : IAsyncDisposable
{
    private static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan HearingLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);

    private readonly SharedRedis? _redis;

    private FleetBench(FleetKind kind, ReplicaFleet fleet, SharedRedis? redis)
    {
        Kind = kind;
        Fleet = fleet;
        _redis = redis;
    }

    public FleetKind Kind { get; }

    public ReplicaFleet Fleet { get; }

    public EmbeddedOrigin Origin => Fleet.Origin;

    public FleetClient Client => Fleet.Client;

    /// <summary>What the replicas share.</summary>
    /// <exception cref="InvalidOperationException">Nothing: the fleet is <see cref="FleetKind.Alone"/>.</exception>
    public SharedRedis Redis => _redis ?? throw new InvalidOperationException("This fleet has no Redis.");

    /// <summary>How many fetch what all want: one for the fleet, or one a replica where they know nothing of each other.</summary>
    public int Fetchers => Kind == FleetKind.Alone ? Fleet.Replicas.Count : 1;

    /// <summary>Why a fleet of this kind cannot be had on this machine; null when it can.</summary>
    public static string? FindMissing(FleetKind kind) => SupervisedProcess.FindMissing() ?? (kind == FleetKind.Alone ? null : RedisServer.FindMissing());

    /// <summary>Starts one.</summary>
    /// <param name="kind">What the replicas share.</param>
    /// <param name="options">The replicas; what is about Redis is set here.</param>
    /// <param name="hasWay">Whether the way to Redis can be made slow or broken.</param>
    /// <param name="redisSettings">More keys of <c>cache.redis</c>, such as <c>lease: 1s</c>.</param>
    public static async Task<FleetBench> StartAsync(FleetKind kind, FleetOptions options, bool hasWay = false, string? redisSettings = null)
    {
        if (kind == FleetKind.Alone)
        {
            return new FleetBench(kind, await ReplicaFleet.StartAsync(options), redis: null);
        }

        FleetBench? bench = null;
        SharedRedis redis = await SharedRedis.StartAsync(kind, hasWay);
        try
        {
            string yaml = $"{{ connection: \"{redis.Address}\"{(redisSettings is null ? "" : ", " + redisSettings)} }}";
            ReplicaFleet fleet = await ReplicaFleet.StartAsync(options with { Redis = yaml, Waking = kind != FleetKind.Poll });
            bench = new FleetBench(kind, fleet, redis);
            await bench.WaitUntilAllHearAsync();
            return bench;
        }
        catch
        {
            await (bench?.DisposeAsync() ?? redis.DisposeAsync());
            throw;
        }
    }

    /// <summary>Waits until every replica has heard of every other: before that each asks the origin for itself.</summary>
    public async Task WaitUntilAllHearAsync()
    {
        long started = TimeProvider.System.GetTimestamp();
        foreach (FleetReplica replica in Fleet.Replicas)
        {
            MetricSamples samples;
            while ((samples = await Client.ScrapeAsync(replica)).Sum("s3proxy_fleet_hearing") < 1 || samples.Sum("s3proxy_fleet_members") < Fleet.Replicas.Count)
            {
                if (TimeProvider.System.GetElapsedTime(started) > HearingLimit)
                {
                    Assert.Fail($"Replica {replica.Index} does not hear the others.\n{await DescribeAsync()}");
                }

                await Task.Delay(BetweenLooks, TimeProvider.System);
            }
        }
    }

    /// <summary>Makes the origin fast and right, lets what is under way end, and counts from zero.</summary>
    public async Task PrepareAsync()
    {
        Origin.Faults.Clear();
        Origin.FirstByteDelay = TimeSpan.Zero;
        Origin.BytesPerSecond = null;
        if (_redis is not null)
        {
            await WaitUntilAllHearAsync();
        }

        using CancellationTokenSource limit = new(IdleLimit);
        await Origin.Traffic.WaitForIdleAsync(limit.Token);
        Origin.Traffic.Reset();
    }

    /// <summary>Waits until the origin has nothing to do any more, so that its counters are final.</summary>
    public async Task<OriginTraffic> SettledTrafficAsync()
    {
        using CancellationTokenSource limit = new(IdleLimit);
        await Origin.Traffic.WaitForIdleAsync(limit.Token);
        return Origin.Traffic;
    }

    /// <summary>Fails, with what the replicas logged, when a read was not whole and right.</summary>
    public void AssertAllRight(IReadOnlyCollection<FleetRead> reads)
    {
        FleetRead[] failed = [.. reads.Where(read => read.Failure is not null)];
        Assert.True(failed.Length == 0, failed.Length == 0 ? "" : $"{failed.Length} of {reads.Count} reads failed, {failed.Count(read => read.IsWrong)} with wrong bytes: {failed[0]}\n{Fleet.DescribeLogs()}");
    }

    /// <summary>What every replica tells of the fleet and of Redis, and what it logged, for people who look for the reason of a failure.</summary>
    public async Task<string> DescribeAsync()
    {
        List<string> parts = [];
        foreach (FleetReplica replica in Fleet.Replicas.Where(replica => !replica.HasEnded))
        {
            MetricSamples samples = await Client.ScrapeAsync(replica);
            parts.Add($"replica {replica.Index}:\n{samples.Describe("s3proxy_fleet_invalidations")}\n{samples.Describe("s3proxy_fleet_gaps")}\n{samples.Describe("s3proxy_fleet_hearing")}\n{samples.Describe("s3proxy_fleet_members")}\n{samples.Describe("s3proxy_redis_available")}\n{samples.Describe("s3proxy_redis_commands")}");
        }

        return $"{string.Join('\n', parts)}\n{Fleet.DescribeLogs()}";
    }

    public async ValueTask DisposeAsync()
    {
        await Fleet.DisposeAsync();
        if (_redis is not null)
        {
            await _redis.DisposeAsync();
        }
    }
}
