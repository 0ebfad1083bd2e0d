using S3Proxy.Caching;
using S3Proxy.Caching.Memory;

namespace S3Proxy.Tests.Caching.Memory;

/// <summary>Requirement K2: what is hot is not unpacked at every hit.</summary>
public sealed class RecentMetadataTests
{
    private readonly RecentMetadata _recent = new(budgetBytes: 1 << 30);

    /// <summary>Whatever their hashes are: as many as there are places.</summary>
    [Fact]
    public void K2_as_many_as_there_are_places_are_unpacked_once()
    {
        (ObjectEntry Entry, ObjectId Id)[] hot = [.. Enumerable.Range(0, _recent.Places).Select(Make)];
        ObjectMetadata[] first = [.. hot.Select(item => _recent.Of(item.Entry, item.Id))];

        Assert.All(hot.Zip(first), item => Assert.Same(item.Second, _recent.Of(item.First.Entry, item.First.Id)));
    }

    [Fact]
    public void No_more_are_kept_than_there_are_places_and_the_first_goes_first()
    {
        (ObjectEntry Entry, ObjectId Id)[] all = [.. Enumerable.Range(0, 3 * _recent.Places).Select(Make)];
        foreach ((ObjectEntry entry, ObjectId id) in all)
        {
            Assert.Equal(id, _recent.Of(entry, id).Version.Id);
        }

        Assert.All(all.SkipLast(_recent.Places), item => Assert.Null(item.Entry.Metadata));
        Assert.All(all.TakeLast(_recent.Places), item => Assert.NotNull(item.Entry.Metadata));
    }

    [Fact]
    public void What_is_kept_is_of_the_record_that_is_there()
    {
        (ObjectEntry entry, ObjectId id) = Make(1);
        byte[] before = entry.Record;
        ObjectMetadata old = _recent.Of(entry, id);

        entry.Pack();
        Renew(entry, id, askedAt: 5);
        _recent.Keep(entry, before, old);

        Assert.Null(entry.Metadata);
        Assert.Equal(5, _recent.Of(entry, id).AskedAt);
        Assert.Equal(5, entry.Metadata!.AskedAt);
        entry.Pack();
        Assert.Null(entry.Metadata);
        Assert.Equal(5, _recent.Of(entry, id).AskedAt);
    }

    /// <summary>Readers and one who renews, on so few places that most are packed again at once.</summary>
    [Fact]
    public async Task Nobody_is_told_what_was_renewed_before_it_asked()
    {
        const int Rounds = 2000;
        RecentMetadata few = new(budgetBytes: 1);
        (ObjectEntry Entry, ObjectId Id)[] all = [.. Enumerable.Range(0, 2 * few.Places).Select(Make)];
        int renewed = 0;
        Task[] readers =
        [
            .. Enumerable.Range(0, 3).Select(seed => Task.Run(() =>
            {
                Random random = new(seed);
                while (Volatile.Read(ref renewed) is int atLeast && atLeast < Rounds)
                {
                    (ObjectEntry entry, ObjectId id) = all[random.Next(all.Length)];
                    Assert.True(few.Of(entry, id).AskedAt >= atLeast);
                    Thread.Yield();
                }
            })),
        ];
        for (int round = 1; round <= Rounds; round++)
        {
            foreach ((ObjectEntry entry, ObjectId id) in all)
            {
                Renew(entry, id, round);
            }

            Volatile.Write(ref renewed, round);
            Thread.Yield();
        }

        await Task.WhenAll(readers).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.All(all, item => Assert.Equal(Rounds, few.Of(item.Entry, item.Id).AskedAt));
        Assert.InRange(all.Count(item => item.Entry.Metadata is not null), 1, few.Places);
    }

    /// <summary>A renewal every minute must not drive others out.</summary>
    [Fact]
    public void What_is_renewed_takes_no_other_place()
    {
        (ObjectEntry Entry, ObjectId Id)[] hot = [.. Enumerable.Range(0, _recent.Places).Select(Make)];
        foreach ((ObjectEntry entry, ObjectId id) in hot)
        {
            _recent.Of(entry, id);
        }

        for (int askedAt = 1; askedAt <= 3; askedAt++)
        {
            ObjectMetadata renewed = Renew(hot[0].Entry, hot[0].Id, askedAt);
            _recent.Keep(hot[0].Entry, hot[0].Entry.Record, renewed);
            Assert.Same(renewed, hot[0].Entry.Metadata);
        }

        Assert.All(hot, item => Assert.NotNull(item.Entry.Metadata));
    }

    private static ObjectMetadata Renew(ObjectEntry entry, ObjectId id, int askedAt)
    {
        ObjectMetadata metadata = TestObjects.Metadata(id.Key, 10, askedAt: askedAt);
        entry.Renew(ObjectRecord.Pack(metadata), metadata);
        return metadata;
    }

    private static (ObjectEntry Entry, ObjectId Id) Make(int number)
    {
        ObjectMetadata metadata = TestObjects.Metadata("key" + number, 10);
        ObjectId id = metadata.Version.Id;
        return (new ObjectEntry(id.GetHashCode(), new SharedBucket(new BucketId(id.Origin, id.Bucket)), ObjectRecord.Pack(metadata)), id);
    }
}
