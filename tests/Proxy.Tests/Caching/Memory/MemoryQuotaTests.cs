using S3Proxy.Caching;
using S3Proxy.Caching.Memory;
using S3Proxy.Coalescing;
using S3Proxy.Testing;

namespace S3Proxy.Tests.Caching.Memory;

/// <summary>Requirement C8: a bucket holds no more than its quota, and others do not notice.</summary>
public sealed class MemoryQuotaTests : IDisposable
{
    private const int SliceBytes = PagePool.PageBytes;
    private const int Overhead = SliceEntry.OverheadBytes;
    private static readonly MemoryQuota FourSlices = new("main", "bound", 4 * (SliceBytes + Overhead));

    private readonly ManualTimeProvider _time = new();
    private readonly MemoryTier _tier = new(new PagePool(64 * (SliceBytes + (4 * Overhead))), new AdmissionFifoPolicy());

    public void Dispose() => _tier.Dispose();

    [Fact]
    public async Task C8_a_bucket_at_its_quota_evicts_its_own_and_no_other()
    {
        _tier.SetQuotas([FourSlices]);
        for (int i = 0; i < 20; i++)
        {
            await FillAsync(Key("bound", i));
            await FillAsync(Key("free", i));
            Assert.InRange(Held(), 0, FourSlices.Bytes);
        }

        Assert.Equal([16, 17, 18, 19], Present("bound", 20));
        Assert.Equal(Enumerable.Range(0, 20), Present("free", 20));
        Assert.Equal(16, _tier.Evictions);
    }

    [Fact]
    public async Task C8_what_is_asked_for_stays_within_the_quota()
    {
        _tier.SetQuotas([FourSlices]);
        await FillAsync(Key("bound", 0));
        for (int i = 1; i < 20; i++)
        {
            Assert.NotNull(_tier.FindSlice(Key("bound", 0)));
            await FillAsync(Key("bound", i));
        }

        Assert.Equal([0, 17, 18, 19], Present("bound", 20));
    }

    [Fact]
    public async Task C8_memory_that_a_bucket_does_not_use_is_used_by_others()
    {
        _tier.SetQuotas([FourSlices]);
        for (int i = 0; i < 100; i++)
        {
            await FillAsync(Key("free", i));
        }

        Assert.InRange(Present("free", 100).Count(), 60, 64);
        Assert.Equal(0, Held());
    }

    [Fact]
    public async Task C8_other_quotas_hold_at_once_for_what_is_here()
    {
        for (int i = 0; i < 10; i++)
        {
            await FillAsync(Key("bound", i));
        }

        _tier.SetQuotas([FourSlices]);
        Assert.Equal(4, Present("bound", 10).Count());
        Assert.Equal(FourSlices.Bytes, Held());

        _tier.SetQuotas([FourSlices with { Bytes = 2 * FourSlices.Bytes }]);
        for (int i = 10; i < 20; i++)
        {
            await FillAsync(Key("bound", i));
        }

        Assert.Equal(8, Present("bound", 20).Count());

        _tier.SetQuotas([]);
        for (int i = 20; i < 40; i++)
        {
            await FillAsync(Key("bound", i));
        }

        Assert.Equal(28, Present("bound", 40).Count());
        Assert.Empty(_tier.QuotaUse);
    }

    [Fact]
    public async Task C8_a_large_slice_evicts_as_many_bytes_of_small_entries_as_it_brings()
    {
        _tier.SetQuotas([FourSlices]);
        for (int i = 0; Held() < FourSlices.Bytes - 2000; i++)
        {
            Assert.True(_tier.PutMetadata(Metadata("bound", i, 1000)));
        }

        for (int i = 0; i < 4; i++)
        {
            await FillAsync(Key("bound", i));
            Assert.InRange(Held(), 0, FourSlices.Bytes);
        }
    }

    [Fact]
    public async Task C8_a_lowered_quota_takes_slices_before_metadata()
    {
        for (int i = 0; i < 8; i++)
        {
            ObjectMetadata metadata = Metadata("bound", i, 10 * SliceBytes);
            Assert.True(_tier.PutMetadata(metadata));
            await FillAsync(new SliceKey(metadata.Version, 0));
        }

        _tier.SetQuotas([FourSlices]);

        Assert.Equal(8, _tier.ObjectCount);
        Assert.Equal(3, _tier.SliceCount);
    }

    [Fact]
    public async Task C8_small_objects_and_their_metadata_count()
    {
        _tier.SetQuotas([FourSlices]);
        for (int i = 0; i < 2000; i++)
        {
            ObjectMetadata metadata = Metadata("bound", i, 1000);
            Assert.True(_tier.PutMetadata(metadata));
            await FillAsync(new SliceKey(metadata.Version, 0), 1000);
            Assert.InRange(Held(), 0, FourSlices.Bytes);
        }

        Assert.InRange(_tier.ObjectCount, 100, (int)(FourSlices.Bytes / 1000));
        Assert.NotNull(_tier.PeekMetadata(Metadata("bound", 1999, 1000).Version.Id));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task C8_whatever_comes_and_goes_the_count_is_that_of_what_is_here(int seed)
    {
        Random random = new(seed);
        MemoryQuota other = new("main", "other", 8 * (SliceBytes + Overhead));
        _tier.SetQuotas([FourSlices, other]);
        for (int i = 0; i < 3000; i++)
        {
            string bucket = random.Next(3) switch { 0 => "bound", 1 => "other", _ => "free" };
            int number = random.Next(40);
            ObjectMetadata metadata = Metadata(bucket, number, random.Next(2) == 0 ? 500 : SliceBytes, random.Next(2) == 0 ? "\"1\"" : "\"2\"");
            SliceKey slice = new(metadata.Version, 0);
            switch (random.Next(6))
            {
                case 0:
                    _tier.RemoveMetadata(metadata.Version.Id);
                    break;
                case 1:
                    _tier.RemoveSlice(slice);
                    break;
                case 2:
                    _tier.FindMetadata(metadata.Version.Id);
                    _tier.FindSlice(slice);
                    break;
                case 3:
                    await FillAsync(slice, (int)metadata.SizeBytes);
                    break;
                case 4:
                    _tier.PutMetadata(metadata);
                    break;
                default:
                    _tier.SetQuotas(random.Next(20) == 0 ? [other] : [FourSlices, other]);
                    break;
            }

            Assert.All(_tier.QuotaUse, use => Assert.InRange(use.Bytes, 0, use.Quota.Bytes));
        }

        _tier.SetQuotas([FourSlices, other]);
        (MemoryQuota Quota, long Bytes)[] counted = [.. _tier.QuotaUse];
        _tier.SetQuotas([]);
        _tier.SetQuotas([FourSlices, other]);
        Assert.Equal(_tier.QuotaUse, counted);
        Assert.Contains(counted, use => use.Bytes > 0);
        _tier.Clear();
        Assert.All(_tier.QuotaUse, use => Assert.Equal(0, use.Bytes));
        Assert.Equal(0, _tier.UsedBytes);
    }

    [Theory]
    [InlineData("main", "bound", true)]
    [InlineData("main@digest", "bound", true)]
    [InlineData("main@digest.p localhost:9000", "bound", true)]
    [InlineData("main localhost:9000", "bound", true)]
    [InlineData("main2", "bound", false)]
    [InlineData("mai", "bound", false)]
    [InlineData("main", "bound2", false)]
    [InlineData("main", "Bound", false)]
    public void C8_a_quota_is_of_a_bucket_wherever_its_origin_is(string origin, string bucket, bool isOf) => Assert.Equal(isOf, FourSlices.IsOf(new BucketId(origin, bucket)));

    private static ObjectMetadata Metadata(string bucket, int number, long size, string etag = "\"1\"") =>
        TestObjects.Metadata("k", size, etag) with { Version = new ObjectVersion(new ObjectId("main", bucket, $"k{number}"), etag, null, size) };

    private static SliceKey Key(string bucket, int number) => new(new ObjectVersion(new ObjectId("main@x", bucket, $"k{number}"), "\"1\"", null, 10 * SliceBytes), 0);

    private long Held() => _tier.QuotaUse.Sum(use => use.Bytes);

    private IEnumerable<int> Present(string bucket, int count) => Enumerable.Range(0, count).Where(i => _tier.ContainsSlice(Key(bucket, i)));

    private async Task FillAsync(SliceKey key, int bytes = SliceBytes)
    {
        using MemoryReservation reservation = (await _tier.ReserveAsync(bytes, TimeSpan.Zero, _time, CancellationToken.None))!;
        SharedBody body = new(bytes);
        while (body.Watermark < bytes)
        {
            body.Publish(body.GetWriteMemory(reservation).Length);
        }

        body.End(complete: true);
        _tier.AdmitSlice(key, body);
        body.Release();
    }
}
