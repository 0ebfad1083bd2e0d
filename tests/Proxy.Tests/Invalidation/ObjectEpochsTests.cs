using S3Proxy.Caching;
using S3Proxy.Caching.Memory;
using S3Proxy.Invalidation;
using S3Proxy.Testing;

namespace S3Proxy.Tests.Invalidation;

/// <summary>Requirements I1, I2; invariant 8.</summary>
public sealed class ObjectEpochsTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly MemoryTier _memory;
    private readonly ObjectEpochs _epochs;
    private readonly ObjectMetadata _metadata = TestObjects.Metadata("a", 1);

    public ObjectEpochsTests()
    {
        _memory = new MemoryTier(new PagePool(1 << 20), new AdmissionFifoPolicy());
        _epochs = new ObjectEpochs(_memory, _time);
    }

    private ObjectId Id => _metadata.Version.Id;

    public void Dispose() => _memory.Dispose();

    [Fact]
    public void A_fetch_that_began_before_an_invalidation_is_not_admitted_after_it()
    {
        long epoch = _epochs.Current(Id);
        _epochs.Raise(Id);

        Assert.False(_epochs.TryCommit(_metadata, epoch));
        Assert.Null(_memory.FindMetadata(Id));
        Assert.True(_epochs.TryCommit(_metadata, _epochs.Current(Id)));
    }

    /// <summary>Mode passthrough: clients know the object under Hosts of their choice, an event names it without.</summary>
    [Fact]
    public void An_object_has_one_epoch_under_all_hosts()
    {
        ObjectId[] hosts = [.. Enumerable.Range(0, 100).Select(i => new ObjectId($"{Id.Origin} host-{i}:80", Id.Bucket, Id.Key))];
        long[] epochs = [.. hosts.Select(_epochs.Current)];
        _epochs.Raise(Id);

        Assert.DoesNotContain(true, hosts.Select((id, i) => _epochs.Current(id) == epochs[i]));
        long plain = _epochs.Current(Id);
        _epochs.Raise(hosts[7]);
        Assert.NotEqual(plain, _epochs.Current(Id));
        Assert.Equal((Id.GetHashCode(), Id.GetHashCode()), (Id.HashOfPlace, hosts[0].HashOfPlace));
    }

    [Fact]
    public void Nothing_is_admitted_while_a_write_is_under_way()
    {
        // tag #95, #97: a GET that raced a PUT cached the old data again.
        _epochs.TryCommit(_metadata, _epochs.Current(Id));
        _epochs.EnterWrite(Id);
        Assert.Null(_memory.FindMetadata(Id));
        long during = _epochs.Current(Id);
        Assert.False(_epochs.TryCommit(_metadata, during));

        _epochs.LeaveWrite(Id, TimeSpan.Zero);

        Assert.False(_epochs.TryCommit(_metadata, during));
        Assert.True(_epochs.TryCommit(_metadata, _epochs.Current(Id)));
    }

    [Fact]
    public void A_change_of_a_bucket_drops_its_objects_and_bars_what_began_before()
    {
        ObjectMetadata other = TestObjects.Metadata("b", 1);
        long epoch = _epochs.Current(Id);
        _epochs.TryCommit(_metadata, epoch);

        _epochs.Raise(new BucketId(Id.Origin, "another"), TimeSpan.Zero);
        Assert.NotNull(_memory.FindMetadata(Id));
        _epochs.Raise(new BucketId(Id.Origin, Id.Bucket), TimeSpan.Zero);

        Assert.Null(_memory.FindMetadata(Id));
        Assert.False(_epochs.TryCommit(_metadata, epoch));
        Assert.False(_epochs.IsUncertain(Id));
        Assert.True(_epochs.TryCommit(other, _epochs.Current(other.Version.Id)));
        Assert.False(_memory.FindMetadata(other.Version.Id)!.IsSuspect);
    }

    [Fact]
    public void After_a_change_of_a_bucket_of_unknown_outcome_its_objects_are_suspect_for_a_while()
    {
        _epochs.Raise(new BucketId(Id.Origin, Id.Bucket), TimeSpan.FromMinutes(5));
        Assert.True(_epochs.IsUncertain(Id));
        Assert.True(_epochs.TryCommit(_metadata, _epochs.Current(Id)));
        Assert.True(_memory.FindMetadata(Id)!.IsSuspect);

        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.False(_epochs.IsUncertain(Id));
    }

    [Fact]
    public void Two_writes_at_once_bar_until_the_second_has_ended()
    {
        _epochs.EnterWrite(Id);
        _epochs.EnterWrite(Id);
        _epochs.LeaveWrite(Id, TimeSpan.Zero);
        Assert.False(_epochs.TryCommit(_metadata, _epochs.Current(Id)));
        _epochs.LeaveWrite(Id, TimeSpan.Zero);
        Assert.True(_epochs.TryCommit(_metadata, _epochs.Current(Id)));
    }

    [Fact]
    public void After_an_unknown_outcome_metadata_is_suspect_until_the_time_is_over()
    {
        _epochs.EnterWrite(Id);
        _epochs.LeaveWrite(Id, TimeSpan.FromSeconds(10));

        Assert.True(_epochs.TryCommit(_metadata, _epochs.Current(Id)));
        Assert.True(_memory.FindMetadata(Id)!.IsSuspect);

        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(_epochs.TryCommit(_metadata, _epochs.Current(Id)));
        Assert.False(_memory.FindMetadata(Id)!.IsSuspect);
    }

    [Fact]
    public void An_earlier_answer_does_not_overtake_a_later_one()
    {
        long epoch = _epochs.Current(Id);
        ObjectMetadata later = TestObjects.Metadata("a", 2, askedAt: 20);
        ObjectMetadata earlier = TestObjects.Metadata("a", 2, askedAt: 10);

        Assert.True(_epochs.TryCommit(later, epoch));
        Assert.False(_epochs.TryCommit(earlier, epoch));
        Assert.Equal(20, _memory.FindMetadata(Id)!.AskedAt);
    }

    [Theory]
    [InlineData(10, false)]
    [InlineData(30, true)]
    public void Of_two_answers_that_overlap_and_disagree_neither_is_kept(long secondAskedAt, bool isKept)
    {
        long epoch = _epochs.Current(Id);
        Assert.True(_epochs.TryCommit(TestObjects.Metadata("a", 2, "\"one\"", askedAt: 20), epoch));

        Assert.Equal(isKept, _epochs.TryCommit(TestObjects.Metadata("a", 1, "\"other\"", askedAt: secondAskedAt), epoch));

        Assert.Equal(isKept ? "\"other\"" : null, _memory.FindMetadata(Id)?.Version.ETag);
        Assert.Equal(isKept, _epochs.TryCommit(TestObjects.Metadata("a", 1, "\"other\"", askedAt: 30), epoch));
    }

    [Fact]
    public void A_contradiction_drops_what_is_known_and_bars_what_was_asked_before()
    {
        long before = _epochs.Current(Id);
        Assert.True(_epochs.Contradict(Id, askedAt: 15, before));
        Assert.False(_epochs.TryCommit(TestObjects.Metadata("a", 1, askedAt: 10), before));

        Assert.True(_epochs.TryCommit(TestObjects.Metadata("a", 2, askedAt: 20), _epochs.Current(Id)));
        Assert.False(_epochs.Contradict(Id, askedAt: 15, _epochs.Current(Id)));
        Assert.Null(_memory.FindMetadata(Id));

        Assert.True(_epochs.TryCommit(TestObjects.Metadata("a", 2, askedAt: 20), _epochs.Current(Id)));
        Assert.True(_epochs.Contradict(Id, askedAt: 25, _epochs.Current(Id)));
        Assert.Null(_memory.FindMetadata(Id));
    }

    [Fact]
    public void What_was_learnt_after_a_write_is_not_contradicted_by_what_was_asked_before_it()
    {
        long before = _epochs.Current(Id);
        _epochs.EnterWrite(Id);
        _epochs.LeaveWrite(Id, TimeSpan.Zero);
        Assert.True(_epochs.TryCommit(TestObjects.Metadata("a", 2, "\"new\"", askedAt: 20), _epochs.Current(Id)));

        Assert.False(_epochs.TryCommit(TestObjects.Metadata("a", 1, "\"old\"", askedAt: 10), before, out bool isContradicted));
        Assert.False(isContradicted);
        Assert.True(_epochs.Contradict(Id, askedAt: 10, before));
        Assert.Equal("\"new\"", _memory.FindMetadata(Id)?.Version.ETag);
    }

    [Fact]
    public void An_object_is_uncertain_during_a_write_and_after_one_of_unknown_outcome()
    {
        Assert.False(_epochs.IsUncertain(Id));
        _epochs.EnterWrite(Id);
        Assert.True(_epochs.IsUncertain(Id));
        _epochs.LeaveWrite(Id, TimeSpan.FromSeconds(10));
        Assert.True(_epochs.IsUncertain(Id));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.False(_epochs.IsUncertain(Id));
    }

    /// <summary>A client may break off as many deletions of many keys as it likes; what is remembered of them has a bound, and none of them is forgotten early.</summary>
    [Fact]
    public void Writes_of_unknown_outcome_are_remembered_within_a_bound_of_memory()
    {
        const int Writes = 200_000;
        for (int i = 0; i < Writes; i++)
        {
            ObjectId id = TestObjects.Id($"key-{i}");
            _epochs.EnterWrite(id);
            _epochs.LeaveWrite(id, TimeSpan.FromSeconds(10));
        }

        Assert.InRange(_epochs.SuspectCount, 1, ObjectEpochs.MaxSuspects);
        Assert.All(Enumerable.Range(0, Writes), i => Assert.True(_epochs.IsUncertain(TestObjects.Id($"key-{i}"))));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.All(Enumerable.Range(0, Writes), i => Assert.False(_epochs.IsUncertain(TestObjects.Id($"key-{i}"))));
    }

    [Fact]
    public void Forgetting_a_version_leaves_its_successor()
    {
        _epochs.TryCommit(TestObjects.Metadata("a", 2, "\"new\""), _epochs.Current(Id));

        _epochs.Forget(TestObjects.Version("a", 1, "\"old\""));
        Assert.NotNull(_memory.FindMetadata(Id));

        _epochs.Forget(TestObjects.Version("a", 2, "\"new\""));
        Assert.Null(_memory.FindMetadata(Id));
    }
}
