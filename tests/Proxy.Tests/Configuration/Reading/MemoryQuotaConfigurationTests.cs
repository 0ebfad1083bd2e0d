using S3Proxy.Caching.Memory;
using S3Proxy.Configuration;

namespace S3Proxy.Tests.Configuration.Reading;

/// <summary>Requirement C8: which quotas there may be.</summary>
public sealed class MemoryQuotaConfigurationTests
{
    [Fact]
    public void A_quota_is_of_the_bucket_at_its_origin()
    {
        ConfigurationResult loaded = Load("""
              models: { origin: main, bucket: prod, prefix: v2/, cache: { memoryQuota: 64MiB } }
              old: { origin: main, bucket: prod, prefix: v1/, cache: { memoryQuota: 64MiB } }
              photos: { origin: main }
            """);

        Assert.Empty(loaded.Errors);
        Assert.Equal([new MemoryQuota("main", "prod", 64 << 20)], MemoryQuota.Of(loaded.Configuration!));
        Assert.Null(loaded.Configuration!.Buckets["photos"].MemoryQuotaBytes);
    }

    [Theory]
    [InlineData("models: { origin: main, cache: { memoryQuota: 1MiB } }", "buckets.models.cache.memoryQuota: must be at least 4 slices of cache.sliceSize, that is 4096KiB")]
    [InlineData("models: { origin: main, cache: { memoryQuota: 1GiB } }", "buckets.models.cache.memoryQuota: must be at least 4 slices")]
    [InlineData("models: { origin: main, cache: { memoryQuota: much } }", "buckets.models.cache.memoryQuota: ")]
    [InlineData("\"*\": { origin: main, cache: { memoryQuota: 64MiB } }", "buckets.*.cache.memoryQuota: is of one bucket")]
    [InlineData("prod: { origin: main, cache: { memoryQuota: 64MiB } }\n  bbb: { origin: main, bucket: prod }", "is the same bucket at the same origin as 'prod'")]
    public void What_cannot_be_is_refused(string buckets, string problem)
    {
        ConfigurationResult loaded = Load("  " + buckets);

        Assert.Contains(loaded.Errors, error => error.Format("f").Contains(problem, StringComparison.Ordinal));
    }

    private static ConfigurationResult Load(string buckets) => ConfigurationLoader.Load(
        $"origins: {{ main: {{ endpoints: [http://127.0.0.1:8000] }} }}\nauth: {{ mode: anonymous }}\ncache: {{ memory: {{ size: 512MiB }} }}\nbuckets:\n{buckets}\n",
        "s3proxy.yaml",
        new Dictionary<string, string>());
}
