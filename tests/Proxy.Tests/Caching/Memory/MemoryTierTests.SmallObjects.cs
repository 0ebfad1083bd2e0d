using S3Proxy.Caching;
using S3Proxy.Coalescing;

namespace S3Proxy.Tests.Caching.Memory;

/// <content>Small objects, whose body is kept with their metadata.</content>
public sealed partial class MemoryTierTests
{
    private const int SmallBytes = 1024;
    private const string OtherTag = "\"ffffffffffffffffffffffffffffffff\"";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_small_object_is_found_whichever_of_its_parts_came_first(bool isMetadataFirst)
    {
        if (isMetadataFirst)
        {
            _tier.PutMetadata(TestObjects.Metadata("a", SmallBytes));
        }

        await FillAsync(Small("a"), SmallBytes, 7);
        if (!isMetadataFirst)
        {
            _tier.PutMetadata(TestObjects.Metadata("a", SmallBytes));
        }

        Assert.Equal(-1, _tier.FindSlice(Small("a"))!.Peek(0).Span.IndexOfAnyExcept((byte)7));
        Assert.True(_tier.ContainsSlice(Small("a")));
        Assert.Equal(1, _tier.SliceCount);
        Assert.Equal(1, _tier.ObjectCount);
    }

    [Fact]
    public async Task A_small_body_is_never_told_to_be_of_another_version()
    {
        _tier.PutMetadata(TestObjects.Metadata("a", SmallBytes));
        await FillAsync(Small("a"), SmallBytes, 7);

        Assert.Null(_tier.FindSlice(Small("a", OtherTag)));
        Assert.Null(_tier.FindSlice(new SliceKey(TestObjects.Version("a", SmallBytes + 1), 0)));
        Assert.Null(_tier.FindSlice(new SliceKey(new ObjectVersion(TestObjects.Id("a"), TestObjects.Version("a", 0).ETag, "v1", SmallBytes), 0)));
        Assert.Null(_tier.FindSlice(Small("b")));
        Assert.False(_tier.RemoveSlice(Small("a", OtherTag)));
    }

    [Fact]
    public async Task Renewed_metadata_of_the_same_version_keeps_the_body()
    {
        _tier.PutMetadata(TestObjects.Metadata("a", SmallBytes));
        await FillAsync(Small("a"), SmallBytes, 7);
        long used = _tier.UsedBytes;

        Assert.True(_tier.PutMetadata(TestObjects.Metadata("a", SmallBytes, askedAt: 1)));

        Assert.Equal(1, _tier.FindMetadata(TestObjects.Id("a"))!.AskedAt);
        Assert.NotNull(_tier.FindSlice(Small("a")));
        Assert.Equal(used, _tier.UsedBytes);
    }

    [Fact]
    public async Task A_new_version_takes_the_place_of_the_old_one_whose_body_stays_for_who_has_just_learnt_it()
    {
        _tier.PutMetadata(TestObjects.Metadata("a", SmallBytes));
        await FillAsync(Small("a"), SmallBytes, 7);

        Assert.True(_tier.PutMetadata(TestObjects.Metadata("a", SmallBytes, OtherTag)));
        await FillAsync(Small("a", OtherTag), SmallBytes, 8);

        Assert.Equal(7, _tier.FindSlice(Small("a"))!.Peek(0).Span[0]);
        Assert.Equal(8, _tier.FindSlice(Small("a", OtherTag))!.Peek(0).Span[0]);
        Assert.Equal(2, _tier.SliceCount);
    }

    [Fact]
    public async Task Metadata_that_is_removed_leaves_the_body_and_finds_it_again()
    {
        _tier.PutMetadata(TestObjects.Metadata("a", SmallBytes));
        await FillAsync(Small("a"), SmallBytes, 7);

        Assert.True(_tier.RemoveMetadata(TestObjects.Id("a")));
        Assert.Null(_tier.FindMetadata(TestObjects.Id("a")));
        Assert.NotNull(_tier.FindSlice(Small("a")));

        _tier.PutMetadata(TestObjects.Metadata("a", SmallBytes));
        Assert.NotNull(_tier.FindSlice(Small("a")));
        Assert.Equal(1, _tier.SliceCount);
        Assert.True(_tier.RemoveSlice(Small("a")));
        Assert.Null(_tier.FindSlice(Small("a")));
        Assert.NotNull(_tier.FindMetadata(TestObjects.Id("a")));
    }

    [Fact]
    public async Task A_purge_finds_small_bodies_with_their_metadata_and_without()
    {
        foreach (string name in (string[])["a", "b", "c"])
        {
            _tier.PutMetadata(TestObjects.Metadata(name, SmallBytes));
            await FillAsync(Small(name), SmallBytes, 7);
        }

        _tier.RemoveMetadata(TestObjects.Id("b"));

        Assert.Equal(2, _tier.RemoveSlices(id => id.Key is "a" or "b"));
        Assert.Null(_tier.FindSlice(Small("a")));
        Assert.Null(_tier.FindSlice(Small("b")));
        Assert.NotNull(_tier.FindSlice(Small("c")));
    }

    [Fact]
    public async Task What_is_pinned_of_a_small_object_outlives_its_eviction()
    {
        _tier.PutMetadata(TestObjects.Metadata("a", SmallBytes));
        await FillAsync(Small("a"), SmallBytes, 7);
        using SharedBodyCursor reader = new();
        Assert.True(reader.TryMoveTo(_tier.FindSlice(Small("a"))!, 0));

        _tier.Clear();

        Assert.Null(_tier.FindMetadata(TestObjects.Id("a")));
        Assert.Equal(-1, reader.Peek().Span.IndexOfAnyExcept((byte)7));
        reader.Dispose();
        Assert.Equal(0, _tier.UsedBytes);
    }

    /// <summary>Against what a table of everything that was done would say; nothing is evicted, as there is room.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(20261121)]
    public async Task Any_order_of_changes_leaves_what_a_plain_table_would_hold(int seed)
    {
        Random random = new(seed);
        Dictionary<ObjectId, ObjectMetadata> known = [];
        Dictionary<SliceKey, byte> slices = [];
        string[] tags = [TestObjects.Version("", 0).ETag, OtherTag];
        for (int step = 0; step < 3000; step++)
        {
            string name = "k" + random.Next(6);
            SliceKey slice = Small(name, tags[random.Next(2)]);
            switch (random.Next(4))
            {
                case 0:
                    ObjectMetadata metadata = TestObjects.Metadata(name, SmallBytes, slice.Version.ETag, step);
                    Assert.True(_tier.PutMetadata(metadata));
                    known[slice.Version.Id] = metadata;
                    break;
                case 1:
                    Assert.Equal(known.Remove(slice.Version.Id), _tier.RemoveMetadata(slice.Version.Id));
                    break;
                case 2:
                    await FillAsync(slice, SmallBytes, (byte)step);
                    slices.TryAdd(slice, (byte)step);
                    break;
                default:
                    Assert.Equal(slices.Remove(slice), _tier.RemoveSlice(slice));
                    break;
            }

            Assert.Equal(known.GetValueOrDefault(slice.Version.Id)?.AskedAt, _tier.FindMetadata(slice.Version.Id)?.AskedAt);
            Assert.Equal(slices.TryGetValue(slice, out byte value) ? value : null, _tier.FindSlice(slice)?.Peek(0).Span[0]);
            Assert.Equal((known.Count, slices.Count), (_tier.ObjectCount, _tier.SliceCount));
        }

        _tier.Clear();
        Assert.Equal(0, _tier.UsedBytes);
    }

    private static SliceKey Small(string name, string? etag = null) =>
        new(etag is null ? TestObjects.Version(name, SmallBytes) : TestObjects.Version(name, SmallBytes, etag), 0);
}
