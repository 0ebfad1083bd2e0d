using Amazon.S3;
using Amazon.S3.Model;

namespace S3Proxy.Testing.Tests.Origin.Handlers;

public sealed class BucketOperationsTests
{
    [Fact]
    public async Task A_bucket_lives_from_creation_to_deletion()
    {
        await using TestOrigin test = await TestOrigin.StartSecuredAsync();
        using AmazonS3Client client = test.CreateSdkClient();

        await client.PutBucketAsync("second");
        AmazonS3Exception again = await Assert.ThrowsAnyAsync<AmazonS3Exception>(() => client.PutBucketAsync("second"));
        ListBucketsResponse list = await client.ListBucketsAsync();
        GetBucketLocationResponse location = await client.GetBucketLocationAsync("second");
        await client.PutBucketVersioningAsync(new PutBucketVersioningRequest
        {
            BucketName = "second",
            VersioningConfig = new S3BucketVersioningConfig { Status = VersionStatus.Enabled },
        });
        GetBucketVersioningResponse versioning = await client.GetBucketVersioningAsync("second");
        test.Origin.PutObject("second", "key", [1]);
        AmazonS3Exception notEmpty = await Assert.ThrowsAnyAsync<AmazonS3Exception>(() => client.DeleteBucketAsync("second"));
        await client.DeleteObjectAsync("second", "key", test.Origin.FindObject("second", "key")!.VersionId);
        await client.DeleteBucketAsync("second");
        AmazonS3Exception gone = await Assert.ThrowsAnyAsync<AmazonS3Exception>(() => client.GetBucketLocationAsync("second"));

        Assert.Equal("BucketAlreadyOwnedByYou", again.ErrorCode);
        Assert.Equal([TestOrigin.Bucket, "second"], list.Buckets.Select(bucket => bucket.BucketName));
        Assert.Equal("", location.Location?.Value ?? "");
        Assert.Equal(VersionStatus.Enabled, versioning.VersioningConfig.Status);
        Assert.Equal("BucketNotEmpty", notEmpty.ErrorCode);
        Assert.Equal("NoSuchBucket", gone.ErrorCode);
    }

    [Fact]
    public async Task A_head_tells_whether_a_bucket_exists()
    {
        await using TestOrigin test = await TestOrigin.StartAsync();

        using HttpResponseMessage there = await test.SendAsync(HttpMethod.Head, "/bucket");
        using HttpResponseMessage missing = await test.SendAsync(HttpMethod.Head, "/nowhere");

        Assert.Equal((200, 404), ((int)there.StatusCode, (int)missing.StatusCode));
    }
}
