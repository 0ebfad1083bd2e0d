using S3Proxy.Caching;
using S3Proxy.Fleet;
using S3Proxy.Tests.Fetching;

namespace S3Proxy.Tests.Fleet;

/// <summary>When a replica may answer from its memory without asking (requirements I1, W4, W8).</summary>
public sealed class FleetMembershipTests
{
    private static readonly ObjectId Id = TestObjects.Id("key");

    [Fact]
    public void What_is_learnt_after_joining_is_trusted_and_what_came_before_is_not() => FakeFleet.Run(async fleet =>
    {
        TestReplica replica = fleet.Add();
        Assert.True(replica.Learn(Id));
        Assert.Null(replica.Served(Id));

        await replica.StartAsync();
        await FetchBench.UntilAsync(() => replica.Membership.IsHearing, "it hears");
        Assert.Null(replica.Served(Id));

        fleet.Time.Advance(TimeSpan.FromTicks(1));
        Assert.True(replica.Learn(Id));
        Assert.NotNull(replica.Served(Id));
    });

    [Fact]
    public void A_fetch_that_began_before_joining_is_not_admitted_after() => FakeFleet.Run(async fleet =>
    {
        TestReplica replica = fleet.Add();
        long before = replica.Epochs.Current(Id);
        await replica.StartAsync();
        await FetchBench.UntilAsync(() => replica.Membership.IsHearing, "it hears");
        Assert.False(replica.Learn(Id, "\"a\"", before));
    });

    [Fact]
    public void Renewed_in_time_it_hears_without_a_gap() => FakeFleet.Run(async fleet =>
    {
        TestReplica replica = await fleet.JoinAsync();
        replica.Learn(Id);
        for (int i = 0; i < 20; i++)
        {
            await fleet.PassAsync(fleet.Options.Heartbeat);
            Assert.NotNull(replica.Served(Id));
        }
    });

    [Fact]
    public void By_its_own_clock_the_lease_ends_before_it_does_in_Redis() => FakeFleet.Run(async fleet =>
    {
        TestReplica replica = await fleet.JoinAsync();
        replica.Learn(Id);
        long began = fleet.Time.GetTimestamp();
        fleet.Redis.IsUnreachable = static _ => true;
        await fleet.PassUntilAsync(() => replica.Served(Id) is null, "the lease is over");
        TimeSpan lasted = fleet.Time.GetElapsedTime(began);
        Assert.InRange(lasted, fleet.Options.Lease / 2, fleet.Options.Lease - fleet.Options.Margin);
        Assert.False(replica.Membership.IsHearing);

        fleet.Redis.IsUnreachable = static _ => false;
        await fleet.PassUntilAsync(() => replica.Membership.IsHearing, "it hears again");
        Assert.Null(replica.Served(Id));
    });

    [Fact]
    public void A_lost_link_ends_hearing_at_once_and_what_was_known_is_asked_about_after() => FakeFleet.Run(async fleet =>
    {
        TestReplica replica = await fleet.JoinAsync();
        replica.Learn(Id);
        int again = 0;
        replica.Membership.OnHeardAgain(() => again++);
        fleet.LinkOf(replica).Tell(isUp: false);
        Assert.Null(replica.Served(Id));
        Assert.False(replica.Membership.IsHearing);

        await fleet.PassAsync(fleet.Options.Lease);
        Assert.False(replica.Membership.IsHearing);
        fleet.LinkOf(replica).Tell(isUp: true);
        await fleet.PassUntilAsync(() => replica.Membership.IsHearing, "it hears again");
        Assert.Null(replica.Served(Id));
        Assert.Equal(1, again);
    });

    [Fact]
    public void Who_does_not_hear_itself_does_not_renew() => FakeFleet.Run(async fleet =>
    {
        TestReplica replica = await fleet.JoinAsync();
        replica.Learn(Id);
        fleet.Redis.Loses = static (_, _, message) => message.StartsWith("1|P|", StringComparison.Ordinal);
        TimeSpan passed = await fleet.PassUntilAsync(() => replica.Served(Id) is null, "a ping is missed");
        Assert.True(passed <= 2 * fleet.Options.Heartbeat + TimeSpan.FromMilliseconds(100), $"{passed}");
    });

    [Fact]
    public void A_flush_is_a_gap() => FakeFleet.Run(async fleet =>
    {
        TestReplica replica = await fleet.JoinAsync();
        replica.Learn(Id);
        fleet.Redis.FlushAll();
        await fleet.PassUntilAsync(() => replica.Served(Id) is null, "the flush is seen");
        await fleet.PassUntilAsync(() => replica.Membership.IsHearing, "it has joined again");
        Assert.Null(replica.Served(Id));
    });

    [Fact]
    public void A_member_that_was_put_out_joins_again_with_a_gap() => FakeFleet.Run(async fleet =>
    {
        TestReplica replica = await fleet.JoinAsync();
        replica.Learn(Id);
        MemberRecords records = new(fleet.Redis.Connect(), new("test", "fleet"), fleet.Options);
        string incarnation = (await records.ListAsync(default)).Incarnation;
        TimeSpan[] left = await records.PutOutAsync(incarnation, [replica.Name], default);
        Assert.InRange(left[0], TimeSpan.FromTicks(1), fleet.Options.Lease);
        await fleet.PassUntilAsync(() => replica.Served(Id) is null, "its renewal is refused");
        await fleet.PassUntilAsync(() => replica.Membership.IsHearing, "it has joined again");
        Assert.Null(replica.Served(Id));
    });

    [Fact]
    public void Who_leaves_is_lost_to_the_others_at_their_next_heartbeat_and_who_dies_at_the_end_of_its_lease() => FakeFleet.Run(async fleet =>
    {
        TestReplica watcher = await fleet.JoinAsync();
        TestReplica leaver = await fleet.JoinAsync();
        TestReplica dying = await fleet.JoinAsync();
        List<string> lost = [];
        watcher.Membership.OnMemberLost(lost.Add);
        await fleet.PassAsync(fleet.Options.Heartbeat);
        Assert.True(watcher.Membership.IsLive(leaver.Name));

        await leaver.StopAsync();
        await dying.KillAsync();
        await fleet.PassUntilAsync(() => lost.Contains(leaver.Name), "the leaver is lost");
        Assert.False(watcher.Membership.IsLive(leaver.Name));
        Assert.True(watcher.Membership.IsLive(dying.Name));
        await fleet.PassUntilAsync(() => lost.Contains(dying.Name), "the dead one is lost");
        Assert.False(watcher.Membership.IsLive(dying.Name));
        Assert.True(watcher.Membership.IsLive(watcher.Name));
    });

    [Fact]
    public void A_stranger_is_live_until_a_later_renewal_does_not_name_it() => FakeFleet.Run(async fleet =>
    {
        TestReplica replica = await fleet.JoinAsync();
        Assert.True(replica.Membership.IsLive("never-seen"));
        await fleet.PassAsync(3 * fleet.Options.Heartbeat);
        Assert.False(replica.Membership.IsLive("never-seen"));
    });

    [Fact]
    public void Redis_away_at_the_start_does_not_stop_the_replica_from_joining_later() => FakeFleet.Run(async fleet =>
    {
        fleet.Redis.IsUnreachable = static _ => true;
        TestReplica replica = fleet.Add();
        await replica.StartAsync();
        await fleet.PassAsync(fleet.Options.Lease);
        Assert.False(replica.Membership.IsHearing);
        Assert.NotNull(replica.Membership.FailingSince);
        fleet.Redis.IsUnreachable = static _ => false;
        await fleet.PassUntilAsync(() => replica.Membership.IsHearing, "it hears");
        Assert.Null(replica.Membership.FailingSince);
    });
}
