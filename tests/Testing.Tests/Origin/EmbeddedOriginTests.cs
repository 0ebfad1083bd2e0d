using S3Proxy.Testing.Integrity;
using S3Proxy.Testing.Origin;

namespace S3Proxy.Testing.Tests.Origin;

public sealed class EmbeddedOriginTests
{
    [Fact]
    public async Task A_huge_object_takes_no_memory_and_any_range_of_it_is_right()
    {
        await using TestOrigin test = await TestOrigin.StartAsync();
        SyntheticContent content = test.Origin.PutSynthetic(TestOrigin.Bucket, "huge", 5L << 40, seed: 9);

        using HttpResponseMessage response = await test.GetAsync("huge", $"Range: bytes={(3L << 40) + 5}-{(3L << 40) + 300_004}");
        BodyCheckResult result = await BodyCheck.VerifyAsync(await response.Content.ReadAsStreamAsync(), content, (3L << 40) + 5, 300_000);

        Assert.True(result.IsExact, result.ToString());
        Assert.Equal(content.ETag, TestOrigin.Field(response, "ETag"));
    }

    [Fact]
    public async Task An_overwrite_behind_the_back_changes_bytes_and_tag_and_keeps_headers()
    {
        ManualTimeProvider clock = new();
        await using TestOrigin test = await TestOrigin.StartAsync(new EmbeddedOriginOptions { TimeProvider = clock });
        OriginObject first = test.Origin.PutObject(TestOrigin.Bucket, "key", [1], new Dictionary<string, string> { ["Content-Type"] = "text/css" });
        clock.Advance(TimeSpan.FromSeconds(1.5));

        OriginObject second = test.Origin.Overwrite(TestOrigin.Bucket, "key", [2, 3]);
        using HttpResponseMessage response = await test.GetAsync("key");

        Assert.NotEqual(first.ETag, second.ETag);
        Assert.Equal(first.LastModified.AddSeconds(1), second.LastModified);
        Assert.Equal([2, 3], await response.Content.ReadAsByteArrayAsync());
        Assert.Equal("text/css", TestOrigin.Field(response, "Content-Type"));
        Assert.Throws<ArgumentException>(() => test.Origin.Overwrite(TestOrigin.Bucket, "none", []));
    }

    [Fact]
    public async Task Headers_can_change_while_the_tag_stays()
    {
        await using TestOrigin test = await TestOrigin.StartAsync();
        OriginObject before = test.Origin.PutObject(TestOrigin.Bucket, "key", [1]);

        OriginObject after = test.Origin.ReplaceHeaders(TestOrigin.Bucket, "key", new Dictionary<string, string> { ["x-amz-meta-a"] = "ü" });
        using HttpResponseMessage response = await test.HeadAsync("key");

        Assert.Equal(before.ETag, after.ETag);
        Assert.NotNull(TestOrigin.Field(response, "x-amz-meta-a"));
    }

    [Fact]
    public async Task Deleting_tells_whether_there_was_something()
    {
        await using TestOrigin test = await TestOrigin.StartAsync();
        test.Origin.PutObject(TestOrigin.Bucket, "key", [1]);

        Assert.True(test.Origin.DeleteObject(TestOrigin.Bucket, "key"));
        Assert.False(test.Origin.DeleteObject(TestOrigin.Bucket, "key"));
        Assert.Throws<ArgumentException>(() => test.Origin.DeleteObject("nowhere", "key"));
        Assert.Throws<ArgumentException>(() => test.Origin.PutObject("nowhere", "key", [1]));
        Assert.Throws<ArgumentException>(() => test.Origin.CreateBucket(TestOrigin.Bucket));
    }

    [Fact]
    public async Task Two_origins_do_not_share_a_port()
    {
        await using TestOrigin test = await TestOrigin.StartAsync();

        await Assert.ThrowsAnyAsync<IOException>(() => EmbeddedOrigin.StartAsync(new EmbeddedOriginOptions { Port = test.Origin.Endpoint.Port }));
    }
}
