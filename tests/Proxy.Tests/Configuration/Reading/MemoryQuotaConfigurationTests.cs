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
    [InlineData("models: { origin: main, cache: { memoryQuota: 11MiB } }", "buckets.models.cache.memoryQuota: must be at least 4 slices more than cache.readAheadSlices and cache.maxReadAhead are, which is 12 of cache.sliceSize or 12288KiB")]
    [InlineData("models: { origin: main, cache: { memoryQuota: 1GiB } }", "buckets.models.cache.memoryQuota: must be at least 4 slices")]
    [InlineData("models: { origin: main, cache: { memoryQuota: much } }", "buckets.models.cache.memoryQuota: ")]
    [InlineData("\"*\": { origin: main, cache: { memoryQuota: 64MiB } }", "buckets.*.cache.memoryQuota: is of one bucket")]
    [InlineData("prod: { origin: main, cache: { memoryQuota: 64MiB } }\n  bbb: { origin: main, bucket: prod }", "is the same bucket at the same origin as 'prod'")]
    public void What_cannot_be_is_refused(string buckets, string problem)
    {
        ConfigurationResult loaded = Load("  " + buckets);

        Assert.Contains(loaded.Errors, error => error.Format("f").Contains(problem, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", 12)]
    [InlineData(", readAheadSlices: 20", 24)]
    [InlineData(", maxReadAhead: 16MiB", 20)]
    [InlineData(", readAheadSlices: 1, maxReadAhead: 0", 5)]
    [InlineData(", readAheadSlices: 1, maxReadAhead: 2500KiB", 7)]
    public void The_least_quota_holds_what_is_read_ahead_and_four_slices(string cache, int leastMiB)
    {
        Assert.Empty(Load($"  models: {{ origin: main, cache: {{ memoryQuota: {leastMiB}MiB }} }}", cache).Errors);
        Assert.NotEmpty(Load($"  models: {{ origin: main, cache: {{ memoryQuota: {(leastMiB << 10) - 1}KiB }} }}", cache).Errors);
    }

    private static ConfigurationResult Load(string buckets, string cache = "") => ConfigurationLoader.Load(
        $"origins: {{ main: {{ endpoints: [http://127.0.0.1:8000] }} }}\nauth: {{ mode: anonymous }}\ncache: {{ memory: {{ size: 512MiB }}{cache} }}\nbuckets:\n{buckets}\n",
        "s3proxy.yaml",
        new Dictionary<string, string>());
}
