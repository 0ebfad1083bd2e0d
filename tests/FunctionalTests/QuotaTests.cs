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
            Buckets = new Dictionary<string, Func<BucketConfiguration, BucketConfiguration>> { ["scanned"] = bucket => bucket with { MemoryQuotaBytes = 8 * MiB } },
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
            Assert.All(proxy.Memory.QuotaUse, use => Assert.InRange(use.Bytes, 0, 8 * MiB));
        }

        await proxy.Origin.Traffic.WaitForIdleAsync();
        long fetched = proxy.Origin.Traffic.GetCount;
        for (int i = 0; i < 20; i++)
        {
            await proxy.Client.GetByteArrayAsync($"/{TestProxy.Bucket}/{i}");
        }

        Assert.Equal(fetched, proxy.Origin.Traffic.GetCount);
        Assert.InRange(Assert.Single(proxy.Memory.QuotaUse).Bytes, 6 * MiB, 8 * MiB);
    }

    [Fact]
    public async Task C8_an_object_larger_than_the_quota_is_streamed_whole()
    {
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions
        {
            Buckets = new Dictionary<string, Func<BucketConfiguration, BucketConfiguration>> { [TestProxy.Bucket] = bucket => bucket with { MemoryQuotaBytes = 4 * MiB } },
        });
        byte[] content = new byte[24 * MiB];
        new Random(7).NextBytes(content);
        proxy.Origin.PutObject(TestProxy.Bucket, "large", content);

        byte[][] reads = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => proxy.Client.GetByteArrayAsync($"/{TestProxy.Bucket}/large")));

        Assert.All(reads, read => Assert.True(content.AsSpan().SequenceEqual(read)));
        Assert.InRange(Assert.Single(proxy.Memory.QuotaUse).Bytes, 0, 4 * MiB);
    }

    [Fact]
    public async Task C8_a_reload_changes_quotas_at_once()
    {
        string yaml = FileConfigurations.Open.Replace("""buckets: { "*": { origin: main } }""", "buckets: { models: { origin: main, cache: { memoryQuota: 16MiB } } }", StringComparison.Ordinal);
        await using FileProxy proxy = await FileProxy.StartAsync(yaml);
        for (int i = 0; i < 12; i++)
        {
            proxy.Origin.PutObject(TestProxy.Bucket, $"{i}", new byte[MiB]);
            await proxy.Client.GetByteArrayAsync(new Uri(proxy.Data, $"/{TestProxy.Bucket}/{i}"));
        }

        await proxy.Origin.Traffic.WaitForIdleAsync();
        Assert.InRange(Assert.Single(proxy.Memory.QuotaUse).Bytes, 12 * MiB, 16 * MiB);

        (int status, _) = await proxy.ReloadAsync(yaml.Replace("16MiB", "4MiB", StringComparison.Ordinal));

        Assert.Equal(200, status);
        Assert.InRange(Assert.Single(proxy.Memory.QuotaUse).Bytes, 1, 4 * MiB);
    }
}
