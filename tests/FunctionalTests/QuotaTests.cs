using S3Proxy.Caching.Memory;
using S3Proxy.Configuration;
using S3Proxy.FunctionalTests.Running;

namespace S3Proxy.FunctionalTests;

/// <summary>Requirement C8: quotas of buckets, from the configuration to the cache.</summary>
public sealed class QuotaTests
{
    private const int MiB = 1 << 20;

    [Fact]
    public async Task C8_a_scan_of_a_bucket_with_a_quota_leaves_others_in_memory()
    {
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions
        {
            Buckets = new Dictionary<string, Func<BucketConfiguration, BucketConfiguration>> { ["scanned"] = bucket => bucket with { MemoryQuotaBytes = 12 * MiB } },
        });
        proxy.Origin.CreateBucket("scanned");
        for (int i = 0; i < 20; i++)
        {
            proxy.Origin.PutObject("scanned", $"{i}", new byte[2 * MiB]);
            proxy.Origin.PutObject(TestProxy.Bucket, $"{i}", new byte[MiB]);
            await proxy.Client.GetByteArrayAsync($"/{TestProxy.Bucket}/{i}");
        }

        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(2 * MiB, (await proxy.Client.GetByteArrayAsync($"/scanned/{i}")).Length);
            Assert.InRange(Assert.Single(proxy.Memory.QuotaUse).Bytes, 0, 14 * MiB);
            await HoldsAsync(proxy.Memory, 0, 12 * MiB);
        }

        await proxy.Origin.Traffic.WaitForIdleAsync();
        long fetched = proxy.Origin.Traffic.GetCount;
        for (int i = 0; i < 20; i++)
        {
            await proxy.Client.GetByteArrayAsync($"/{TestProxy.Bucket}/{i}");
        }

        Assert.Equal(fetched, proxy.Origin.Traffic.GetCount);
        await HoldsAsync(proxy.Memory, 8 * MiB, 12 * MiB);
    }

    [Fact]
    public async Task C8_an_object_larger_than_the_quota_is_streamed_whole()
    {
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions
        {
            Buckets = new Dictionary<string, Func<BucketConfiguration, BucketConfiguration>> { [TestProxy.Bucket] = bucket => bucket with { MemoryQuotaBytes = 12 * MiB } },
        });
        byte[] content = new byte[40 * MiB];
        new Random(7).NextBytes(content);
        proxy.Origin.PutObject(TestProxy.Bucket, "large", content);

        byte[][] reads = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => proxy.Client.GetByteArrayAsync($"/{TestProxy.Bucket}/large")));

        Assert.All(reads, read => Assert.True(content.AsSpan().SequenceEqual(read)));
        await HoldsAsync(proxy.Memory, 0, 12 * MiB);

        // A reader who falls behind by more than the quota fetches for itself what is gone, as often as it falls behind, and never the same twice.
        Assert.InRange(proxy.Origin.Traffic.BodyBytesSent, content.Length, (long)reads.Length * content.Length);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task C8_an_object_larger_than_the_quota_is_fetched_once_for_one_reader(bool isBuffered)
    {
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions
        {
            MemoryBytes = 256L * MiB,
            Buckets = new Dictionary<string, Func<BucketConfiguration, BucketConfiguration>> { [TestProxy.Bucket] = bucket => bucket with { MemoryQuotaBytes = 12 * MiB, Coalescing = isBuffered ? CoalescingMode.Buffered : CoalescingMode.Streaming } },
        });
        proxy.Origin.PutObject(TestProxy.Bucket, "large", new byte[40 * MiB]);

        Assert.Equal(40 * MiB, (await proxy.Client.GetByteArrayAsync($"/{TestProxy.Bucket}/large")).Length);

        Assert.Equal(1, proxy.Origin.Traffic.GetCount);
    }

    [Fact]
    public async Task C8_a_reload_changes_quotas_at_once()
    {
        string yaml = FileConfigurations.Open.Replace("""buckets: { "*": { origin: main } }""", "buckets: { models: { origin: main, cache: { memoryQuota: 24MiB } } }", StringComparison.Ordinal);
        await using FileProxy proxy = await FileProxy.StartAsync(yaml);
        for (int i = 0; i < 20; i++)
        {
            proxy.Origin.PutObject(TestProxy.Bucket, $"{i}", new byte[MiB]);
            await proxy.Client.GetByteArrayAsync(new Uri(proxy.Data, $"/{TestProxy.Bucket}/{i}"));
        }

        await proxy.Origin.Traffic.WaitForIdleAsync();
        await HoldsAsync(proxy.Memory, 20 * MiB, 24 * MiB);

        (int status, _) = await proxy.ReloadAsync(yaml.Replace("24MiB", "12MiB", StringComparison.Ordinal));

        Assert.Equal(200, status);
        Assert.InRange(Assert.Single(proxy.Memory.QuotaUse).Bytes, 1, 12 * MiB);
    }

    /// <summary>Waits, within a bound, until the one quota holds so many bytes: what comes is added before others are evicted for it, and a client may have its last byte before either.</summary>
    private static Task HoldsAsync(MemoryTier memory, long least, long most) => FileProxy.UntilAsync(() => Task.FromResult(Assert.Single(memory.QuotaUse).Bytes is var bytes && bytes >= least && bytes <= most));
}
