using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using S3Proxy.Caching;
using S3Proxy.Caching.Redis;
using S3Proxy.Coalescing.Batching;
using S3Proxy.Fleet.Leases;
using S3Proxy.Telemetry;
using S3Proxy.Testing.Redis;
using S3Proxy.Tests.Caching.Redis;
using Xunit.Abstractions;

namespace S3Proxy.Tests.Fleet.Leases;

/// <summary>Leases and metadata on a real Redis (requirements B3, W1, W3, I2; lesson valkey: what was invalidated is not given out).</summary>
public sealed class LeaseStoreTests(ITestOutputHelper output)
{
    private static readonly ObjectId Id = new("main", "models", "a/b c");
    private static readonly string Tag = RedisKeys.TagOf(Id);
    private static readonly RedisVersion Version = new(new ObjectVersion(Id, "\"v1\"", null, 8 << 20), 1 << 20);
    private static readonly byte[] Record = [1, 2, 3, 0, 255];

    [Fact]
    public Task The_first_to_look_is_given_the_lease_and_the_others_are_told_who_has_it() => RunAsync(async (a, b, _) =>
    {
        LeaseAnswer granted = await LookAsync(a);
        LeaseAnswer held = await LookAsync(b);

        Assert.Equal(LeaseVerdict.Granted, granted.Verdict);
        Assert.Equal(LeaseVerdict.Held, held.Verdict);
        Assert.Equal("A", held.Holder);
        Assert.Equal(granted.Fence, held.Fence);
        Assert.Equal(granted.Epoch, held.Epoch);
    });

    [Fact]
    public Task What_is_committed_is_known_with_its_age() => RunAsync(async (a, b, _) =>
    {
        LeaseAnswer granted = await LookAsync(a);

        Assert.Equal(CommitVerdict.Done, await CommitAsync(a, granted));
        LeaseAnswer known = await LookAsync(b);

        Assert.Equal(LeaseVerdict.Known, known.Verdict);
        Assert.Equal(Record, known.Record);
        Assert.Equal(7, known.Generation);
        Assert.Equal(known.NowMilliseconds - granted.NowMilliseconds, known.AgeMilliseconds);
    });

    [Fact]
    public Task A_record_that_is_too_old_comes_with_the_lease_and_what_was_joined_is_never_too_old() => RunAsync(async (a, b, _) =>
    {
        LeaseAnswer granted = await LookAsync(a);
        await CommitAsync(a, granted);

        LeaseAnswer joined = await b.LookAsync(LeaseLookup.OfObject(Tag, tooOldMilliseconds: 0, joined: granted.Fence, gone: 0), CancellationToken.None);
        LeaseAnswer stale = await b.LookAsync(LeaseLookup.OfObject(Tag, tooOldMilliseconds: 0, joined: 0, gone: 0), CancellationToken.None);

        Assert.Equal(LeaseVerdict.Known, joined.Verdict);
        Assert.Equal(LeaseVerdict.Granted, stale.Verdict);
        Assert.Equal(Record, stale.Record);
        Assert.True(stale.Fence > granted.Fence);
    });

    [Fact]
    public Task Nothing_is_committed_after_the_object_was_forgotten_or_redis_was_flushed() => RunAsync(async (a, b, server) =>
    {
        LeaseAnswer before = await LookAsync(a);
        await b.ForgetAsync(Id, "", CancellationToken.None);
        Assert.Equal(CommitVerdict.Invalidated, await CommitAsync(a, before));

        LeaseAnswer again = await LookAsync(a);
        await server.FlushAllAsync();
        Assert.Equal(CommitVerdict.Invalidated, await CommitAsync(a, again));

        // A look after the flush makes an epoch; it is another one.
        await LookAsync(b);
        Assert.Equal(CommitVerdict.Invalidated, await CommitAsync(a, again));
        Assert.NotEqual(LeaseVerdict.Known, (await LookAsync(b)).Verdict);
    });

    [Fact]
    public Task An_older_fence_does_not_commit_over_a_later_one() => RunAsync(async (a, b, _) =>
    {
        LeaseAnswer first = await LookAsync(a);
        LeaseAnswer taken = await b.LookAsync(LeaseLookup.OfObject(Tag, null, joined: 0, gone: first.Fence), CancellationToken.None);
        Assert.Equal(LeaseVerdict.Granted, taken.Verdict);

        Assert.Equal(CommitVerdict.Done, await CommitAsync(b, taken));
        Assert.Equal(CommitVerdict.Overtaken, await CommitAsync(a, first));
    });

    [Fact]
    public Task A_forgotten_version_goes_only_if_it_is_the_one_that_is_known() => RunAsync(async (a, b, _) =>
    {
        await CommitAsync(a, await LookAsync(a));

        await b.ForgetAsync(Id, "another", CancellationToken.None);
        Assert.Equal(LeaseVerdict.Known, (await LookAsync(b)).Verdict);
        await b.ForgetAsync(Id, Version.Tag, CancellationToken.None);
        Assert.Equal(LeaseVerdict.Granted, (await LookAsync(b)).Verdict);
    });

    [Fact]
    public Task A_lease_that_is_given_back_is_given_to_the_next() => RunAsync(async (a, b, _) =>
    {
        LeaseAnswer granted = await LookAsync(a);
        Assert.Equal(LeaseVerdict.Held, (await LookAsync(b)).Verdict);

        await a.ReleaseAsync(Tag, granted.Fence, hasFailed: true, TimeSpan.Zero, CancellationToken.None);
        LeaseAnswer heir = await LookAsync(b);
        Assert.Equal(LeaseVerdict.Granted, heir.Verdict);

        // Late, and of a lease that is over: the one in force stays.
        await a.ReleaseAsync(Tag, granted.Fence, hasFailed: true, TimeSpan.Zero, CancellationToken.None);
        Assert.Equal(LeaseVerdict.Held, (await LookAsync(a)).Verdict);
    });

    [Fact]
    public Task What_may_not_be_shared_is_asked_for_by_each() => RunAsync(async (a, b, _) =>
    {
        LeaseAnswer granted = await LookAsync(a);
        await a.ReleaseAsync(Tag, granted.Fence, hasFailed: false, TimeSpan.FromMinutes(1), CancellationToken.None);

        Assert.Equal(LeaseVerdict.Alone, (await LookAsync(b)).Verdict);
        Assert.Equal(LeaseVerdict.Alone, (await LookAsync(a)).Verdict);
    });

    [Fact]
    public Task Runs_are_leased_by_slices_and_end_before_those_of_another_replica() => RunAsync(async (a, b, _) =>
    {
        LeaseAnswer middle = await a.LookAsync(LeaseLookup.OfRun(Version, 3, 5, gone: 0), CancellationToken.None);
        LeaseAnswer before = await b.LookAsync(LeaseLookup.OfRun(Version, 0, 7, gone: 0), CancellationToken.None);
        LeaseAnswer within = await b.LookAsync(LeaseLookup.OfRun(Version, 4, 7, gone: 0), CancellationToken.None);

        Assert.Equal((LeaseVerdict.Granted, 5), (middle.Verdict, middle.Last));
        Assert.Equal((LeaseVerdict.Granted, 2), (before.Verdict, before.Last));
        Assert.Equal((LeaseVerdict.Held, "A", middle.Fence), (within.Verdict, within.Holder, within.Fence));
        Assert.True(await b.HasRunAsync(Tag, middle.Fence, CancellationToken.None));

        await a.ReleaseRunAsync(Tag, middle.Fence, CancellationToken.None);
        Assert.False(await b.HasRunAsync(Tag, middle.Fence, CancellationToken.None));
        Assert.Equal(LeaseVerdict.Granted, (await b.LookAsync(LeaseLookup.OfRun(Version, 4, 7, gone: 0), CancellationToken.None)).Verdict);
    });

    [Fact]
    public Task The_run_of_a_replica_that_is_gone_is_taken_over() => RunAsync(async (a, b, _) =>
    {
        LeaseAnswer held = await a.LookAsync(LeaseLookup.OfRun(Version, 0, 7, gone: 0), CancellationToken.None);

        LeaseAnswer taken = await b.LookAsync(LeaseLookup.OfRun(Version, 2, 7, held.Fence), CancellationToken.None);

        Assert.Equal(LeaseVerdict.Granted, taken.Verdict);
        Assert.False(await a.HasRunAsync(Tag, held.Fence, CancellationToken.None));
    });

    [Fact]
    public Task A_commit_with_a_run_leases_its_slices_in_the_same_step() => RunAsync(async (a, b, _) =>
    {
        LeaseAnswer granted = await LookAsync(a);
        await a.CommitAsync(Tag, granted, Record, Version.Tag, generation: 7, (0, 7), CancellationToken.None);

        LeaseAnswer run = await b.LookAsync(LeaseLookup.OfRun(Version, 0, 7, gone: 0), CancellationToken.None);

        Assert.Equal((LeaseVerdict.Held, granted.Fence), (run.Verdict, run.Fence));
    });

    [Fact]
    public Task Lookups_that_come_together_share_a_round_trip() => RunAsync(async (a, _, server) =>
    {
        await LookAsync(a);
        await server.ResetStatsAsync();

        // The first is under way until all have come.
        server.Pause();
        Task<LeaseAnswer>[] asked = [.. Enumerable.Range(0, 513).Select(i =>
            a.LookAsync(LeaseLookup.OfObject(RedisKeys.TagOf(new ObjectId("main", "models", $"{i}")), null, joined: 0, gone: 0), CancellationToken.None).AsTask())];
        server.Resume();
        LeaseAnswer[] answers = await Task.WhenAll(asked);

        Assert.All(answers, answer => Assert.Equal(LeaseVerdict.Granted, answer.Verdict));
        long trips = (await server.CommandStatsAsync())["evalsha"].Calls;
        output.WriteLine($"513 lookups took {trips} round trips.");

        // One that finds the line idle, and 512 behind it, 64 at a time (requirement B6).
        Assert.InRange(trips, 9, 9);
    });

    private static ValueTask<LeaseAnswer> LookAsync(LeaseStore store) =>
        store.LookAsync(LeaseLookup.OfObject(Tag, tooOldMilliseconds: null, joined: 0, gone: 0), CancellationToken.None);

    private static ValueTask<CommitVerdict> CommitAsync(LeaseStore store, LeaseAnswer granted) =>
        store.CommitAsync(Tag, granted, Record, Version.Tag, generation: 7, run: null, CancellationToken.None);

    private async Task RunAsync(Func<LeaseStore, LeaseStore, RedisServer, Task> test)
    {
        if (RedisServer.FindMissing() is { } missing)
        {
            output.WriteLine(missing);
            return;
        }

        await using RedisServer server = await RedisServer.StartAsync();
        await using RedisBench bench = new(server.Address);
        using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        LeaseMetrics metrics = new(services.GetRequiredService<IMeterFactory>());
        await using LeaseStore a = Store("A");
        await using LeaseStore b = Store("B");
        await test(a, b, server);

        LeaseStore Store(string replica) => new(
            bench.Redis, new RedisKeys("test", "main"), replica, TimeSpan.FromHours(1), new BatcherOptions { MaxBatchItems = 1024 }, metrics, TimeProvider.System);
    }
}
