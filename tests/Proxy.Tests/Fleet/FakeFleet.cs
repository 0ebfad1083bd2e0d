using S3Proxy.Fleet;
using S3Proxy.Testing;
using S3Proxy.Tests.Fetching;

namespace S3Proxy.Tests.Fleet;

/// <summary>Replicas on a Redis in memory and one clock that the test moves.</summary>
internal sealed class FakeFleet : IAsyncDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);
    private readonly List<TestReplica> _replicas = [];
    private readonly Dictionary<TestReplica, FakeRedis.Link> _links = [];

    private readonly PumpedContext _context;

    private FakeFleet(FleetOptions options, PumpedContext context)
    {
        _context = context;
        Options = options;
        Redis = new FakeRedis(Time);
    }

    /// <summary>Runs a test with a fleet of its own.</summary>
    public static void Run(Func<FakeFleet, Task> test) => Run(new FleetOptions(), test);

    /// <inheritdoc cref="Run(Func{FakeFleet, Task})"/>
    public static void Run(FleetOptions options, Func<FakeFleet, Task> test) => PumpedContext.Run(async context =>
    {
        await using FakeFleet fleet = new(options, context);
        await test(fleet);
    });

    public ManualTimeProvider Time { get; } = new();

    public FleetOptions Options { get; }

    public FakeRedis Redis { get; }

    public FakeRedis.Link LinkOf(TestReplica replica) => _links[replica];

    /// <summary>One more replica, which has not joined.</summary>
    public TestReplica Add()
    {
        FakeRedis.Link link = Redis.Connect();
        TestReplica replica = new(link, Options, Time);
        _replicas.Add(replica);
        _links[replica] = link;
        return replica;
    }

    /// <summary>One more replica, which hears. The clock does not move but for the tick that tells learnt before from learnt after.</summary>
    public async Task<TestReplica> JoinAsync()
    {
        TestReplica replica = Add();
        await replica.StartAsync();
        await FetchBench.UntilAsync(() => replica.Membership.IsHearing, "the replica hears");
        Time.Advance(TimeSpan.FromTicks(1));
        return replica;
    }

    /// <summary>Moves the clock in small steps until <paramref name="condition"/> holds, and lets everything happen at each; tells how long it took.</summary>
    public async Task<TimeSpan> PassUntilAsync(Func<bool> condition, string what)
    {
        TimeSpan passed = TimeSpan.Zero;
        for (int step = 0; step < 1_000; step++)
        {
            if (!condition())
            {
                await _context.SettleAsync();
            }

            if (condition())
            {
                return passed;
            }

            Time.Advance(Step);
            passed += Step;
        }

        Assert.Fail($"It never came to this: {what}.");
        return passed;
    }

    /// <summary>Moves the clock in small steps, and lets everything happen at each.</summary>
    public async Task PassAsync(TimeSpan time)
    {
        for (TimeSpan passed = TimeSpan.Zero; passed < time; passed += Step)
        {
            Time.Advance(Step);
            await _context.SettleAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (TestReplica replica in _replicas)
        {
            await replica.DisposeAsync();
        }
    }
}
