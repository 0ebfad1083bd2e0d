using S3Proxy.Caching;
using S3Proxy.Fleet;
using S3Proxy.Invalidation;

namespace S3Proxy.Tests.Fleet;

public sealed class WriteJournalTests
{
    [Fact]
    public void What_finds_no_room_stands_for_its_bucket()
    {
        WriteJournal journal = new(maxObjects: 2);
        journal.Add([TestObjects.Id("a"), TestObjects.Id("b"), TestObjects.Id("c"), TestObjects.Id("a")], isUnknown: false);

        Assert.Equal(3, journal.Count);
        Assert.Equal(CacheScope.Of(new BucketId("main", "bucket")), journal.TakeScope());
        Assert.Null(journal.TakeScope());
        Assert.Equal(2, journal.TakeObjects(64).Objects.Length);
        Assert.Equal(0, journal.Count);
    }

    [Fact]
    public void Objects_whose_outcome_is_unknown_are_told_apart_and_stay_so()
    {
        WriteJournal journal = new(maxObjects: 10);
        journal.Add([TestObjects.Id("a")], isUnknown: true);
        journal.Add([TestObjects.Id("a"), TestObjects.Id("b")], isUnknown: false);

        (ObjectId[] first, bool isFirstUnknown) = journal.TakeObjects(64);
        (ObjectId[] second, bool isSecondUnknown) = journal.TakeObjects(64);
        Assert.Equal(isFirstUnknown ? "a" : "b", Assert.Single(first).Key);
        Assert.Equal(isSecondUnknown ? "a" : "b", Assert.Single(second).Key);
        Assert.NotEqual(isFirstUnknown, isSecondUnknown);
    }

    [Fact]
    public void Too_many_buckets_become_all()
    {
        WriteJournal journal = new(maxObjects: 0);
        journal.Add(Enumerable.Range(0, 300).Select(i => new ObjectId("main", $"bucket-{i}", "key")), isUnknown: false);
        Assert.Equal(CacheScope.All, journal.TakeScope());
        Assert.Null(journal.TakeScope());
    }
}
