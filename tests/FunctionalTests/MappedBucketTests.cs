using System.Text;
using Amazon.S3;
using Amazon.S3.Model;
using S3Proxy.Configuration;

namespace S3Proxy.FunctionalTests;

/// <summary>A bucket that is a prefix of another bucket at the origin: clients see their own names only. Requirement S1.</summary>
public sealed class MappedBucketTests : IAsyncLifetime
{
    private const string Mapped = "mine";
    private const string OriginBucket = "prod-secret";
    private const string Prefix = "tenant-7/v2/";
    private TestProxy _proxy = null!;
    private AmazonS3Client _sdk = null!;

    public async Task InitializeAsync()
    {
        _proxy = await TestProxy.StartAsync(new TestProxyOptions
        {
            Auth = AuthMode.SigV4,
            Buckets = new Dictionary<string, Func<BucketConfiguration, BucketConfiguration>>
            {
                [Mapped] = bucket => bucket with { OriginBucket = OriginBucket, Prefix = Prefix },
            },
        });
        _proxy.Origin.CreateBucket(OriginBucket);
        _proxy.Origin.PutObject(OriginBucket, "tenant-6/other", "not mine"u8.ToArray());
        _sdk = SdkClients.Create(_proxy.Data);
    }

    public async Task DisposeAsync()
    {
        _sdk.Dispose();
        await _proxy.DisposeAsync();
    }

    [Fact]
    public async Task Put_get_list_and_delete_use_the_clients_names()
    {
        string[] keys = ["a/1", "a/2 +é", "b"];
        foreach (string key in keys)
        {
            await PutAsync(key, key);
            Assert.NotNull(_proxy.Origin.FindObject(OriginBucket, Prefix + key));
            Assert.Equal(key, Encoding.UTF8.GetString(await ReadAsync(key)));
            Assert.Equal(key, Encoding.UTF8.GetString(await ReadAsync(key)));
        }

        List<string> listed = [];
        string? token = null;
        do
        {
            ListObjectsV2Response page = await _sdk.ListObjectsV2Async(new ListObjectsV2Request { BucketName = Mapped, MaxKeys = 1, ContinuationToken = token });
            Assert.Equal(Mapped, page.Name);
            listed.AddRange(page.S3Objects.Select(entry => entry.Key));
            token = page.NextContinuationToken;
        }
        while (token is not null);
        Assert.Equal(keys, listed);

        ListObjectsV2Response folders = await _sdk.ListObjectsV2Async(new ListObjectsV2Request { BucketName = Mapped, Delimiter = "/" });
        Assert.Equal(["a/"], folders.CommonPrefixes);

        DeleteObjectsResponse deleted = await _sdk.DeleteObjectsAsync(new DeleteObjectsRequest
        {
            BucketName = Mapped,
            Objects = [.. keys.Select(key => new KeyVersion { Key = key })],
        });
        Assert.Equal(keys, deleted.DeletedObjects.Select(entry => entry.Key));
        foreach (string key in keys)
        {
            Assert.Null(_proxy.Origin.FindObject(OriginBucket, Prefix + key));
            using HttpResponseMessage gone = await _proxy.Signed.SendAsync(HttpMethod.Get, Mapped, key);
            Assert.Equal(404, (int)gone.StatusCode);
        }

        Assert.NotNull(_proxy.Origin.FindObject(OriginBucket, "tenant-6/other"));
    }

    [Fact]
    public async Task Copies_are_seen_at_their_destination()
    {
        await PutAsync("source", "copied");
        await PutAsync("target", "before");
        Assert.Equal("before", Encoding.UTF8.GetString(await ReadAsync("target")));
        await _sdk.CopyObjectAsync(Mapped, "source", Mapped, "target");
        Assert.Equal("copied", Encoding.UTF8.GetString(await ReadAsync("target")));
    }

    [Fact]
    public async Task A_multipart_upload_tells_the_clients_names()
    {
        InitiateMultipartUploadResponse upload = await _sdk.InitiateMultipartUploadAsync(Mapped, "parts");
        Assert.Equal((Mapped, "parts"), (upload.BucketName, upload.Key));
        using MemoryStream part = new("only part"u8.ToArray());
        UploadPartResponse uploaded = await _sdk.UploadPartAsync(new UploadPartRequest
        {
            BucketName = Mapped,
            Key = "parts",
            UploadId = upload.UploadId,
            PartNumber = 1,
            InputStream = part,
            UseChunkEncoding = false,
        });
        CompleteMultipartUploadResponse completed = await _sdk.CompleteMultipartUploadAsync(new CompleteMultipartUploadRequest
        {
            BucketName = Mapped,
            Key = "parts",
            UploadId = upload.UploadId,
            PartETags = [new PartETag(1, uploaded.ETag)],
        });
        Assert.Equal((Mapped, "parts"), (completed.BucketName, completed.Key));
        Assert.DoesNotContain(OriginBucket, completed.Location, StringComparison.Ordinal);
        Assert.Equal("only part", Encoding.UTF8.GetString(await ReadAsync("parts")));
    }

    /// <summary>Errors of reads and of writes, forwarded or from a shared fetch.</summary>
    [Theory]
    [InlineData("GET", "missing", "")]
    [InlineData("GET", "missing", "versionId=nonsense")]
    [InlineData("GET", "missing", "partNumber=1")]
    [InlineData("GET", "missing", "tagging")]
    [InlineData("POST", "missing", "uploadId=none")]
    [InlineData("DELETE", "missing", "uploadId=none")]
    [InlineData("GET", "missing", "uploadId=none")]
    [InlineData("GET", null, "list-type=2&max-keys=x")]
    [InlineData("DELETE", null, "")]
    [InlineData("GET", null, "policy")]
    public async Task Errors_tell_nothing_of_the_origins_names(string method, string? key, string query)
    {
        using HttpResponseMessage response = await _proxy.Signed.SendAsync(new HttpMethod(method), Mapped, key, query);
        string all = $"{response}\n{await response.Content.ReadAsStringAsync()}";
        Assert.True((int)response.StatusCode >= 400, all);
        Assert.DoesNotContain(OriginBucket, all, StringComparison.Ordinal);
        Assert.DoesNotContain("tenant-7", all, StringComparison.Ordinal);
        Assert.DoesNotContain(_proxy.Origin.Endpoint.Authority, all, StringComparison.Ordinal);
    }

    /// <summary>The same object through two names is one object in the cache and one to invalidate.</summary>
    [Fact]
    public async Task A_write_through_one_name_is_seen_through_the_other()
    {
        await PutAsync("shared", "one");
        using (HttpResponseMessage other = await _proxy.Signed.SendAsync(HttpMethod.Get, OriginBucket, Prefix + "shared"))
        {
            Assert.Equal("one", await other.Content.ReadAsStringAsync());
        }

        await PutAsync("shared", "two");
        using HttpResponseMessage again = await _proxy.Signed.SendAsync(HttpMethod.Get, OriginBucket, Prefix + "shared");
        Assert.Equal("two", await again.Content.ReadAsStringAsync());
    }

    private async Task PutAsync(string key, string body)
    {
        using HttpResponseMessage response = await _proxy.Signed.SendAsync(HttpMethod.Put, Mapped, key, body: new ByteArrayContent(Encoding.UTF8.GetBytes(body)));
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    private async Task<byte[]> ReadAsync(string key)
    {
        using HttpResponseMessage response = await _proxy.Signed.SendAsync(HttpMethod.Get, Mapped, key);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsByteArrayAsync();
    }
}
