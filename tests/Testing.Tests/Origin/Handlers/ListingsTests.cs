using System.Xml.Linq;
using Amazon.S3;
using Amazon.S3.Model;
using S3Proxy.Testing.Origin;

namespace S3Proxy.Testing.Tests.Origin.Handlers;

public sealed class ListingsTests : IAsyncLifetime
{
    private static readonly string[] Keys = ["a", "b/1", "b/2", "b/c/3", "b0", "c/", "c/x", "ü", "😀"];

    private TestOrigin _test = null!;
    private AmazonS3Client _client = null!;

    public async Task InitializeAsync()
    {
        _test = await TestOrigin.StartSecuredAsync();
        _client = _test.CreateSdkClient();
        foreach (string key in Keys)
        {
            _test.Origin.PutObject(TestOrigin.Bucket, key, [1]);
        }
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _test.DisposeAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(100)]
    public async Task Pages_of_any_size_make_up_the_whole(int maxKeys)
    {
        List<string> plain = [];
        List<string> rolledUp = [];
        string? token = null;
        do
        {
            ListObjectsV2Response page = await _client.ListObjectsV2Async(
                new ListObjectsV2Request { BucketName = TestOrigin.Bucket, MaxKeys = maxKeys, ContinuationToken = token });
            Assert.InRange(page.KeyCount ?? 0, 1, maxKeys);
            plain.AddRange(page.S3Objects.Select(item => item.Key));
            token = page.NextContinuationToken;
        }
        while (token is not null);

        do
        {
            ListObjectsV2Response page = await _client.ListObjectsV2Async(
                new ListObjectsV2Request { BucketName = TestOrigin.Bucket, MaxKeys = maxKeys, Delimiter = "/", ContinuationToken = token });
            rolledUp.AddRange((page.S3Objects ?? []).Select(item => item.Key).Concat(page.CommonPrefixes ?? []));
            token = page.NextContinuationToken;
        }
        while (token is not null);

        Assert.Equal(Keys, plain);
        Assert.Equal(["a", "b/", "b0", "c/", "ü", "😀"], rolledUp.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Version_1_pages_by_marker()
    {
        ListObjectsResponse first = await _client.ListObjectsAsync(
            new ListObjectsRequest { BucketName = TestOrigin.Bucket, Delimiter = "/", MaxKeys = 2 });
        ListObjectsResponse rest = await _client.ListObjectsAsync(
            new ListObjectsRequest { BucketName = TestOrigin.Bucket, Delimiter = "/", Marker = first.NextMarker });

        Assert.Equal("b/", first.NextMarker);
        Assert.Equal(["a"], first.S3Objects.Select(item => item.Key));
        Assert.Equal(["b/"], first.CommonPrefixes);
        Assert.Equal(["b0", "ü", "😀"], rest.S3Objects.Select(item => item.Key));
        Assert.Equal(["c/"], rest.CommonPrefixes);
        Assert.False(rest.IsTruncated);
    }

    [Fact]
    public async Task Prefix_and_start_narrow_the_list()
    {
        ListObjectsV2Response page = await _client.ListObjectsV2Async(
            new ListObjectsV2Request { BucketName = TestOrigin.Bucket, Prefix = "b/", Delimiter = "/", StartAfter = "b/1" });

        Assert.Equal(["b/2"], page.S3Objects.Select(item => item.Key));
        Assert.Equal(["b/c/"], page.CommonPrefixes);
    }

    [Fact]
    public async Task Keys_can_be_asked_for_in_encoded_form()
    {
        await using TestOrigin open = await TestOrigin.StartAsync();
        open.Origin.PutObject(TestOrigin.Bucket, "a +\u0001ü/b", [1]);

        using HttpResponseMessage encoded = await open.SendAsync(HttpMethod.Get, "/bucket?list-type=2&encoding-type=url&prefix=a%20%2B");
        using HttpResponseMessage empty = await open.SendAsync(HttpMethod.Get, "/bucket?list-type=2&max-keys=0");
        using HttpResponseMessage bad = await open.SendAsync(HttpMethod.Get, "/bucket?max-keys=-1");

        XElement list = await TestOrigin.XmlAsync(encoded);
        Assert.Equal("a%20%2B%01%C3%BC/b", list.Descendants().Single(element => element.Name.LocalName == "Key").Value);
        Assert.Equal("a%20%2B", list.Elements().Single(element => element.Name.LocalName == "Prefix").Value);
        Assert.Equal("false", (await TestOrigin.XmlAsync(empty)).Elements().Single(element => element.Name.LocalName == "IsTruncated").Value);
        Assert.Equal("InvalidArgument", await TestOrigin.ErrorCodeAsync(bad));
    }

    [Fact]
    public async Task Objects_can_be_deleted_one_by_one_and_many_at_once()
    {
        await _client.DeleteObjectAsync(TestOrigin.Bucket, "a");
        await _client.DeleteObjectAsync(TestOrigin.Bucket, "never there");
        DeleteObjectsResponse deleted = await _client.DeleteObjectsAsync(new DeleteObjectsRequest
        {
            BucketName = TestOrigin.Bucket,
            Objects = [.. Keys.Skip(1).Take(7).Select(key => new KeyVersion { Key = key })],
        });
        ListObjectsV2Response left = await _client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = TestOrigin.Bucket });

        Assert.Equal(7, deleted.DeletedObjects.Count);
        Assert.Equal(["😀"], left.S3Objects.Select(item => item.Key));
    }

    [Fact]
    public async Task A_delete_in_a_versioned_bucket_leaves_a_marker()
    {
        _test.Origin.CreateBucket("versioned", versioned: true);
        OriginObject version = _test.Origin.PutObject("versioned", "key", [1]);

        DeleteObjectResponse deleted = await _client.DeleteObjectAsync("versioned", "key");
        AmazonS3Exception gone = await Assert.ThrowsAnyAsync<AmazonS3Exception>(() => _client.GetObjectAsync("versioned", "key"));
        using GetObjectResponse old = await _client.GetObjectAsync("versioned", "key", version.VersionId);
        await _client.DeleteObjectAsync("versioned", "key", deleted.VersionId);
        using GetObjectResponse restored = await _client.GetObjectAsync("versioned", "key");

        Assert.Equal("true", deleted.DeleteMarker);
        Assert.Equal("NoSuchKey", gone.ErrorCode);
        Assert.Equal(version.VersionId, old.VersionId);
        Assert.Equal(version.VersionId, restored.VersionId);
    }
}
