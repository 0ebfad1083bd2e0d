using S3Proxy.Caching;
using S3Proxy.Fleet;
using S3Proxy.Invalidation;
using S3Proxy.Tests.Fetching;

namespace S3Proxy.Tests.Fleet;

/// <summary>Writes through one replica are true for all before the client hears (requirements I1, I2, W8; decision 0015).</summary>
public sealed class FleetInvalidationTests
{
    private static readonly ObjectId Id = TestObjects.Id("key");

    [Fact]
    public void From_before_a_write_is_sent_nobody_answers_from_memory_or_learns_anything() => FakeFleet.Run(async fleet =>
    {
        TestReplica writer = await fleet.JoinAsync();
        TestReplica reader = await fleet.JoinAsync();
        Assert.True(reader.Learn(Id));
        long asked = reader.Epochs.Current(Id);

        WriteIntent write = await writer.Writes.BeginAsync([Id], default);
        Assert.Null(reader.Served(Id));
        Assert.True(reader.Epochs.IsUncertain(Id));
        Assert.False(reader.Learn(Id, "\"old\"", asked));
        Assert.False(reader.Learn(Id));

        await write.AnsweredAsync();
        await FetchBench.UntilAsync(() => !reader.Epochs.IsUncertain(Id), "the reader hears of the end");
        Assert.False(reader.Learn(Id, "\"old\"", asked));
        Assert.True(reader.Learn(Id));
        Assert.NotNull(reader.Served(Id));
        Assert.Equal(0, reader.Listener.NoteCount);
        Assert.Equal(0, writer.Invalidation.WriteCount);
    });

    [Fact]
    public void A_write_of_unknown_outcome_makes_the_object_suspect_everywhere() => FakeFleet.Run(async fleet =>
    {
        TestReplica writer = await fleet.JoinAsync();
        TestReplica reader = await fleet.JoinAsync();
        await using (await writer.Writes.BeginAsync([Id], default))
        {
        }

        await FetchBench.UntilAsync(() => reader.Listener.NoteCount == 0, "the reader hears of the end");
        Assert.True(reader.Learn(Id));
        Assert.Null(reader.Served(Id));
        Assert.Contains("s", fleet.Redis.Hash(ObjectKey(Id)).Keys);
        await fleet.PassAsync(TimeSpan.FromSeconds(1));
        Assert.True(reader.Memory.FindMetadata(Id)!.IsSuspect);
    });

    [Fact]
    public void A_message_that_was_lost_is_sent_again() => FakeFleet.Run(async fleet =>
    {
        TestReplica writer = await fleet.JoinAsync();
        TestReplica reader = await fleet.JoinAsync();
        reader.Learn(Id);
        int lost = 0;
        FakeRedis.Link link = fleet.LinkOf(reader);
        fleet.Redis.Loses = (to, _, message) => to == link && message.StartsWith("1|I|", StringComparison.Ordinal) && lost++ < 3;
        Task<WriteIntent> begin = writer.Writes.BeginAsync([Id], default).AsTask();
        Assert.NotNull(reader.Served(Id));
        TimeSpan passed = await fleet.PassUntilAsync(() => begin.IsCompleted, "the write may be sent");
        Assert.InRange(passed, 3 * fleet.Options.ResendInterval, fleet.Options.PutOutAfter);
        Assert.Null(reader.Served(Id));
        await (await begin).AnsweredAsync();
    });

    [Fact]
    public void An_acknowledgement_that_was_lost_is_given_again() => FakeFleet.Run(async fleet =>
    {
        TestReplica writer = await fleet.JoinAsync();
        await fleet.JoinAsync();
        int lost = 0;
        fleet.Redis.Loses = (_, _, message) => message.StartsWith("1|A|", StringComparison.Ordinal) && lost++ < 2;
        Task<WriteIntent> begin = writer.Writes.BeginAsync([Id], default).AsTask();
        await fleet.PassUntilAsync(() => begin.IsCompleted, "the write may be sent");
        Assert.Equal(3, lost);
        await (await begin).AnsweredAsync();
    });

    [Fact]
    public void A_replica_that_has_died_is_waited_for_until_its_lease_is_over_and_not_longer() => FakeFleet.Run(async fleet =>
    {
        TestReplica writer = await fleet.JoinAsync();
        TestReplica dead = await fleet.JoinAsync();
        dead.Learn(Id);
        await dead.KillAsync();
        FakeRedis.Link link = fleet.LinkOf(dead);
        fleet.Redis.Loses = (to, _, _) => to == link;
        Task<WriteIntent> begin = writer.Writes.BeginAsync([Id], default).AsTask();
        TimeSpan passed = await fleet.PassUntilAsync(() => begin.IsCompleted || dead.Served(Id) is null, "it trusts nothing any more");
        Assert.False(begin.IsCompleted);
        passed += await fleet.PassUntilAsync(() => begin.IsCompleted, "the write may be sent");
        Assert.InRange(passed, TimeSpan.FromSeconds(1), fleet.Options.Lease + fleet.Options.Margin + (2 * fleet.Options.ResendInterval));
        await (await begin).AnsweredAsync();
        Assert.True(writer.Membership.IsHearing);
    });

    [Fact]
    public void A_deaf_replica_that_goes_on_renewing_is_put_out() => FakeFleet.Run(async fleet =>
    {
        TestReplica writer = await fleet.JoinAsync();
        TestReplica deaf = await fleet.JoinAsync();
        deaf.Learn(Id);
        FakeRedis.Link link = fleet.LinkOf(deaf);
        fleet.Redis.Loses = (to, _, message) => to == link && message.StartsWith("1|I|", StringComparison.Ordinal);
        Task<WriteIntent> begin = writer.Writes.BeginAsync([Id], default).AsTask();
        TimeSpan passed = await fleet.PassUntilAsync(() => begin.IsCompleted, "the write may be sent");
        Assert.True(passed <= fleet.Options.PutOutAfter + fleet.Options.Lease + fleet.Options.Margin + (2 * fleet.Options.ResendInterval), $"{passed}");
        Assert.Null(deaf.Served(Id));

        // It has joined again since, so that the end is told to it too.
        fleet.Redis.Loses = static (_, _, _) => false;
        await (await begin).AnsweredAsync();
    });

    [Fact]
    public void Who_joins_while_a_write_runs_is_waited_for_at_its_end() => FakeFleet.Run(async fleet =>
    {
        TestReplica writer = await fleet.JoinAsync();
        WriteIntent write = await writer.Writes.BeginAsync([Id], default);
        TestReplica late = await fleet.JoinAsync();
        Assert.True(late.Learn(Id));
        Assert.NotNull(late.Served(Id));
        await write.AnsweredAsync();
        Assert.Null(late.Served(Id));
    });

    [Fact]
    public void A_flush_while_a_write_runs_has_everybody_told_once_more() => FakeFleet.Run(async fleet =>
    {
        TestReplica writer = await fleet.JoinAsync();
        TestReplica reader = await fleet.JoinAsync();
        WriteIntent write = await writer.Writes.BeginAsync([Id], default);
        fleet.Redis.FlushAll();
        TestReplica late = await fleet.JoinAsync();
        Assert.True(late.Learn(Id));
        Task answered = write.AnsweredAsync().AsTask();
        await fleet.PassUntilAsync(() => answered.IsCompleted, "the write has ended");
        await answered;
        Assert.Null(late.Served(Id));
        Assert.Null(reader.Served(Id));
    });

    [Fact]
    public void Redis_away_a_write_waits_for_the_leases_of_others_once_and_is_told_when_Redis_is_back() => FakeFleet.Run(async fleet =>
    {
        TestReplica writer = await fleet.JoinAsync();
        TestReplica reader = await fleet.JoinAsync();
        reader.Learn(Id);
        writer.Learn(TestObjects.Id("other"));
        fleet.Redis.IsUnreachable = static _ => true;
        Task<WriteIntent> begin = writer.Writes.BeginAsync([Id], default).AsTask();
        TimeSpan passed = await fleet.PassUntilAsync(() => begin.IsCompleted, "the write may be sent");
        Assert.InRange(passed, fleet.Options.Lease, fleet.Options.Lease + fleet.Options.Margin + (3 * fleet.Options.ResendInterval));
        Assert.Null(reader.Served(Id));
        await (await begin).AnsweredAsync();
        Assert.True(writer.Invalidation.JournalLength > 0);

        // From then on nobody can hold a lease: no more waits.
        WriteIntent next = await writer.Writes.BeginAsync([TestObjects.Id("next")], default);
        await next.AnsweredAsync();
        Assert.Equal(2, writer.Invalidation.JournalLength);

        fleet.Redis.IsUnreachable = static _ => false;
        await fleet.PassUntilAsync(() => writer.Membership.IsHearing && writer.Invalidation.JournalLength == 0, "all has been told");
        Assert.Contains("e", fleet.Redis.Hash(ObjectKey(Id)).Keys);
        Assert.Null(writer.Served(TestObjects.Id("other")));
    });

    [Fact]
    public void One_failure_after_a_lost_subscription_does_not_cut_a_writer_off() => FakeFleet.Run(async fleet =>
    {
        TestReplica writer = await fleet.JoinAsync();
        TestReplica reader = await fleet.JoinAsync();
        FakeRedis.Link link = fleet.LinkOf(writer);
        fleet.Redis.IsUnreachable = from => from == link;
        await fleet.PassAsync(fleet.Options.Heartbeat + fleet.Options.ResendInterval);
        link.Tell(isUp: false);
        fleet.Redis.IsUnreachable = static _ => false;
        await fleet.PassAsync(2 * fleet.Options.Lease);
        reader.Learn(Id);
        Assert.NotNull(reader.Served(Id));

        // Nothing was sent meanwhile, and the others hear.
        fleet.Redis.IsUnreachable = from => from == link;
        Task<WriteIntent> begin = writer.Writes.BeginAsync([Id], default).AsTask();
        fleet.Redis.IsUnreachable = static _ => false;
        await fleet.PassUntilAsync(() => begin.IsCompleted, "the write may be sent");
        Assert.Null(reader.Served(Id));
        await (await begin).AnsweredAsync();
        Assert.Equal(0, writer.Invalidation.JournalLength);
    });

    [Fact]
    public void A_replica_cut_off_alone_does_not_hear_again_before_its_writes_are_told() => FakeFleet.Run(async fleet =>
    {
        TestReplica writer = await fleet.JoinAsync();
        TestReplica reader = await fleet.JoinAsync();
        FakeRedis.Link link = fleet.LinkOf(writer);
        fleet.Redis.IsUnreachable = from => from == link;
        Task<WriteIntent> begin = writer.Writes.BeginAsync([Id], default).AsTask();
        await fleet.PassUntilAsync(() => begin.IsCompleted, "the write may be sent");
        await (await begin).AnsweredAsync();
        Assert.True(reader.Learn(Id, "\"old\""));
        Assert.NotNull(reader.Served(Id));

        fleet.Redis.IsUnreachable = static _ => false;
        await fleet.PassUntilAsync(() => writer.Membership.IsHearing, "it hears again");
        Assert.Null(reader.Served(Id));
    });

    [Fact]
    public void The_intent_of_a_long_write_is_renewed_and_that_of_a_dead_writer_ends() => FakeFleet.Run(new FleetOptions { IntentLife = TimeSpan.FromSeconds(30) }, async fleet =>
    {
        TestReplica writer = await fleet.JoinAsync();
        TestReplica reader = await fleet.JoinAsync();
        WriteIntent write = await writer.Writes.BeginAsync([Id], default);
        await fleet.PassAsync(TimeSpan.FromSeconds(70));
        Assert.True(reader.Epochs.IsUncertain(Id));
        Assert.Contains(fleet.Redis.Hash(ObjectKey(Id)).Keys, field => field.StartsWith("i:", StringComparison.Ordinal));
        await writer.Invalidation.DisposeAsync();
        await fleet.PassAsync(TimeSpan.FromSeconds(31));
        Assert.False(reader.Epochs.IsUncertain(Id));
        Assert.Equal(0, reader.Listener.NoteCount);
        write.Dispose();
    });

    [Fact]
    public void A_client_that_leaves_while_others_are_waited_for_leaves_no_intent_behind() => FakeFleet.Run(async fleet =>
    {
        TestReplica writer = await fleet.JoinAsync();
        TestReplica deaf = await fleet.JoinAsync();
        FakeRedis.Link link = fleet.LinkOf(deaf);
        fleet.Redis.Loses = (to, _, _) => to == link;
        using CancellationTokenSource client = new();
        Task<WriteIntent> begin = writer.Writes.BeginAsync([Id], client.Token).AsTask();
        Assert.True(writer.Epochs.IsUncertain(Id));
        await client.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => begin);
        Assert.False(writer.Epochs.IsUncertain(Id));
        await fleet.PassUntilAsync(
            () => !fleet.Redis.Hash(ObjectKey(Id)).Keys.Any(field => field.StartsWith("i:", StringComparison.Ordinal)) && writer.Invalidation.WriteCount == 0, "the intent is gone");
    });

    [Fact]
    public void A_change_of_a_bucket_is_told_when_it_is_done_and_not_when_it_is_refused() => FakeFleet.Run(async fleet =>
    {
        TestReplica writer = await fleet.JoinAsync();
        TestReplica reader = await fleet.JoinAsync();
        reader.Learn(Id);
        long generation = reader.Membership.ScopeGeneration;
        BucketId bucket = new(Id.Origin, Id.Bucket);
        await writer.Writes.Begin(bucket).AnsweredAsync(403);
        Assert.NotNull(reader.Served(Id));

        await writer.Writes.Begin(bucket).AnsweredAsync();
        Assert.Null(reader.Served(Id));
        foreach (TestReplica replica in (TestReplica[])[writer, reader])
        {
            Assert.True(replica.Membership.IsPurgedSince(Id, generation));
            Assert.False(replica.Membership.IsPurgedSince(Id, replica.Membership.ScopeGeneration));
            Assert.False(replica.Membership.IsPurgedSince(new ObjectId("main", "elsewhere", "key"), generation));
        }
    });

    [Fact]
    public void Many_objects_are_told_in_pieces() => FakeFleet.Run(async fleet =>
    {
        TestReplica writer = await fleet.JoinAsync();
        TestReplica reader = await fleet.JoinAsync();
        ObjectId[] objects = [.. Enumerable.Range(0, 1_000).Select(i => TestObjects.Id($"key {i}"))];
        Assert.All(objects, id => Assert.True(reader.Learn(id)));
        WriteIntent write = await writer.Writes.BeginAsync(objects, default);
        Assert.All(objects, id => Assert.Null(reader.Served(id)));
        Assert.All(objects, id => Assert.True(reader.Epochs.IsUncertain(id)));
        await write.AnsweredAsync();
        await FetchBench.UntilAsync(() => reader.Listener.NoteCount == 0, "the end is heard");
        Assert.All(objects, id => Assert.False(reader.Epochs.IsUncertain(id)));
    });

    [Fact]
    public void Without_a_fleet_a_write_costs_no_wait() => FakeFleet.Run(async fleet =>
    {
        TestReplica alone = fleet.Add();
        WriteTracker writes = new(alone.Epochs, alone.Tables);
        Task<WriteIntent> begin = writes.BeginAsync([Id], default).AsTask();
        Assert.True(begin.IsCompletedSuccessfully);
        Assert.True((await begin).AnsweredAsync().AsTask().IsCompletedSuccessfully);
        Assert.Equal(0, fleet.Redis.Calls);
    });

    private static string ObjectKey(ObjectId id) => new S3Proxy.Caching.Redis.RedisKeys("test", "fleet").Object(S3Proxy.Caching.Redis.RedisKeys.TagOf(id));
}
