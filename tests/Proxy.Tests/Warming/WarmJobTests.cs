using S3Proxy.Caching.Memory;
using S3Proxy.Configuration;
using S3Proxy.Protocol;
using S3Proxy.Routing;
using S3Proxy.Testing;
using S3Proxy.Tests.Configuration;
using S3Proxy.Warming;

namespace S3Proxy.Tests.Warming;

/// <summary>Requirement C8: a job comes to an end whatever happens.</summary>
public sealed class WarmJobTests : IDisposable
{
    private readonly MemoryTier _memory = new(new PagePool(64 * PagePool.PageBytes), new AdmissionFifoPolicy());

    public void Dispose() => _memory.Dispose();

    [Fact]
    public async Task C8_an_error_that_nobody_foresaw_in_a_listing_ends_the_job()
    {
        WarmJob job = NewJob(keys: null);

        await job.RunAsync();

        Assert.Equal(WarmState.Failed, job.Look().State);
        Assert.Contains("internal error", job.Look().Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task C8_a_job_that_is_over_keeps_the_number_of_its_keys_alone()
    {
        WarmJob job = NewJob([Key("a"), Key("b")]);

        await job.RunAsync();

        Assert.Equal(WarmState.Failed, job.Look().State);
        Assert.Null(job.Request.Keys);
        Assert.Equal(2, job.KeyCount);
        Assert.Null(job.Look().FoundBytes);
    }

    private static ObjectKey Key(string text) => ObjectKey.TryParse(text, out ObjectKey key) ? key : throw new ArgumentException("It is not a key.", nameof(text));

    /// <summary>A job whose listing and loads meet a bug.</summary>
    private WarmJob NewJob(IReadOnlyList<ObjectKey>? keys)
    {
        Assert.True(BucketName.TryParse("models", out BucketName bucket));
        BucketConfiguration configuration = Configurations.Valid(Configurations.Least).DefaultBucket!;
        BucketRoute route = new() { ClientBucket = bucket, Configuration = configuration, OriginBucket = "models" };
        return new WarmJob("1", new WarmRequest { Bucket = bucket, Keys = keys }, route, listing: null!, warmer: null!, _memory, new ManualTimeProvider());
    }
}
