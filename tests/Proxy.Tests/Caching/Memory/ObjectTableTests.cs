using S3Proxy.Caching;
using S3Proxy.Caching.Memory;

namespace S3Proxy.Tests.Caching.Memory;

/// <summary>Requirement C1: the table that costs an object one place.</summary>
public sealed class ObjectTableTests
{
    private readonly Lock _lock = new();
    private readonly ObjectTable _table;

    public ObjectTableTests() => _table = new ObjectTable(_lock);

    [Theory]
    [InlineData(1)]
    [InlineData(20261121)]
    public void It_holds_what_a_dictionary_holds_while_it_grows(int seed)
    {
        Random random = new(seed);
        Dictionary<ObjectId, ObjectEntry> model = [];
        for (int step = 0; step < 40_000; step++)
        {
            ObjectId id = Id(random.Next(12_000));
            if (model.Remove(id, out ObjectEntry? entry))
            {
                Assert.Same(entry, _table.Find(id));
                Assert.True(Remove(entry));
                Assert.False(Remove(entry));
            }
            else
            {
                Assert.Null(_table.Find(id));
                model.Add(id, Add(id));
            }

            Assert.Equal(model.Count, _table.Count);
        }

        Assert.All(model, pair => Assert.Same(pair.Value, _table.Find(pair.Key)));
        Assert.Equal(model.Keys.ToHashSet(), _table.Entries().Select(entry => entry.MakeId()).ToHashSet());
        Assert.Equal(model.Count, _table.Entries().Count());
    }

    [Fact]
    public void Equal_keys_of_different_buckets_and_origins_are_different_objects()
    {
        ObjectId[] ids = [new("main", "one", "key"), new("main", "two", "key"), new("other", "one", "key")];
        foreach (ObjectId id in ids)
        {
            Add(id);
        }

        Assert.All(ids, id => Assert.Equal(id, _table.Find(id)!.MakeId()));
    }

    [Fact]
    public void Names_of_buckets_are_shared_and_forgotten_with_their_last_object()
    {
        ObjectEntry first = Add(new("main", "one", "a"));
        ObjectEntry second = Add(new("main", "one", "b"));
        Assert.Same(first.Bucket, second.Bucket);

        Remove(first);
        Remove(second);

        Assert.NotSame(first.Bucket, Add(new("main", "one", "c")).Bucket);
    }

    [Fact]
    public async Task Nobody_misses_what_is_there_while_others_add_and_remove()
    {
        const int Stays = 500;
        const int Comes = 60_000;
        ObjectId[] stays = [.. Enumerable.Range(0, Stays).Select(Id)];
        foreach (ObjectId id in stays)
        {
            Add(id);
        }

        using CancellationTokenSource done = new();
        Task<int> reader = Task.Run(() =>
        {
            int misses = 0;
            do
            {
                misses += stays.Count(id => _table.Find(id) is null);
            }
            while (!done.IsCancellationRequested);

            return misses + (stays.ToHashSet().IsSubsetOf(_table.Entries().Select(entry => entry.MakeId())) ? 0 : 1);
        });
        for (int i = 0; i < Comes; i++)
        {
            ObjectEntry entry = Add(Id(Stays + i));
            if (i % 3 == 0)
            {
                Remove(entry);
            }
        }

        await done.CancelAsync();
        Assert.Equal(0, await reader);
    }

    private static ObjectId Id(int number) => new("main", "bucket", "key" + number);

    private ObjectEntry Add(ObjectId id)
    {
        lock (_lock)
        {
            return _table.Add(id, ObjectRecord.Pack(TestObjects.Metadata(id.Key, 1)));
        }
    }

    private bool Remove(ObjectEntry entry)
    {
        lock (_lock)
        {
            return _table.Remove(entry);
        }
    }
}
