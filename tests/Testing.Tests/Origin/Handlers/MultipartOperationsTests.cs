using Amazon.S3;
using Amazon.S3.Model;
using S3Proxy.Testing.Integrity;
using S3Proxy.Testing.Origin;

namespace S3Proxy.Testing.Tests.Origin.Handlers;

public sealed class MultipartOperationsTests : IAsyncLifetime
{
    private const string Key = "multi part+ü";

    private TestOrigin _test = null!;
    private AmazonS3Client _client = null!;

    public async Task InitializeAsync()
    {
        _test = await TestOrigin.StartAsync(new EmbeddedOriginOptions
        {
            Credentials = [new OriginCredential(TestOrigin.AccessKeyId, TestOrigin.SecretAccessKey)],
            MinPartBytes = 4,
        });
        _client = _test.CreateSdkClient();
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _test.DisposeAsync();
    }

    [Fact]
    public async Task Parts_become_one_object()
    {
        SyntheticContent source = _test.Origin.PutSynthetic(TestOrigin.Bucket, "source", 1000, 3);
        string uploadId = (await _client.InitiateMultipartUploadAsync(new InitiateMultipartUploadRequest
        {
            BucketName = TestOrigin.Bucket,
            Key = Key,
            ContentType = "text/css",
        })).UploadId;
        string second = await UploadAsync(uploadId, 2, "56789");
        string first = await UploadAsync(uploadId, 1, "01234");
        string third = (await _client.CopyPartAsync(new CopyPartRequest
        {
            SourceBucket = TestOrigin.Bucket,
            SourceKey = "source",
            DestinationBucket = TestOrigin.Bucket,
            DestinationKey = Key,
            UploadId = uploadId,
            PartNumber = 3,
            FirstByte = 500,
            LastByte = 999,
        })).ETag;
        ListPartsResponse listed = await _client.ListPartsAsync(TestOrigin.Bucket, Key, uploadId);

        CompleteMultipartUploadResponse completed = await CompleteAsync(uploadId, (1, first), (2, second), (3, third));

        Assert.Equal([5L, 5L, 500L], listed.Parts.Select(part => part.Size ?? -1));
        Assert.Matches("^\"[0-9a-f]{32}-3\"$", completed.ETag);
        using GetObjectResponse get = await _client.GetObjectAsync(TestOrigin.Bucket, Key);
        using MemoryStream body = new();
        await get.ResponseStream.CopyToAsync(body);
        Assert.Equal("0123456789"u8.ToArray(), body.ToArray()[..10]);
        Assert.Equal(-1, source.FirstMismatch(500, body.ToArray().AsSpan(10)));
        Assert.Equal("text/css", get.Headers.ContentType);
        await Assert.ThrowsAnyAsync<AmazonS3Exception>(() => _client.ListPartsAsync(TestOrigin.Bucket, Key, uploadId));
    }

    [Fact]
    public async Task A_part_can_be_read_by_number()
    {
        string uploadId = await StartAsync();
        await CompleteAsync(uploadId, (1, await UploadAsync(uploadId, 1, "01234")), (4, await UploadAsync(uploadId, 4, "56789")));

        using GetObjectResponse part = await _client.GetObjectAsync(
            new GetObjectRequest { BucketName = TestOrigin.Bucket, Key = Key, PartNumber = 2 });
        using StreamReader reader = new(part.ResponseStream);

        Assert.Equal("56789", await reader.ReadToEndAsync());
        Assert.Equal("bytes 5-9/10", part.ContentRange);
        Assert.Equal(2, part.PartsCount);
    }

    [Fact]
    public async Task A_range_may_span_parts()
    {
        string uploadId = await StartAsync();
        await CompleteAsync(uploadId, (1, await UploadAsync(uploadId, 1, "01234")), (2, await UploadAsync(uploadId, 2, "56789")));

        using GetObjectResponse range = await _client.GetObjectAsync(
            new GetObjectRequest { BucketName = TestOrigin.Bucket, Key = Key, ByteRange = new ByteRange(3, 7) });
        using StreamReader reader = new(range.ResponseStream);

        Assert.Equal("34567", await reader.ReadToEndAsync());
    }

    [Fact]
    public async Task A_wrong_list_of_parts_is_refused_and_the_upload_stays()
    {
        string uploadId = await StartAsync();
        string first = await UploadAsync(uploadId, 1, "01234");
        string small = await UploadAsync(uploadId, 2, "5");
        string last = await UploadAsync(uploadId, 3, "6");

        Assert.Equal("InvalidPart", await RefusalAsync(uploadId, (1, small)));
        Assert.Equal("InvalidPart", await RefusalAsync(uploadId, (1, first), (9, last)));
        Assert.Equal("InvalidPartOrder", await RefusalAsync(uploadId, (1, first), (1, first)));
        Assert.Equal("EntityTooSmall", await RefusalAsync(uploadId, (1, first), (2, small), (3, last)));
        Assert.Equal("NoSuchUpload", await RefusalAsync("never", (1, first)));
        await CompleteAsync(uploadId, (1, first), (3, last));
    }

    [Fact]
    public async Task An_aborted_upload_is_gone()
    {
        string uploadId = await StartAsync();
        string first = await UploadAsync(uploadId, 1, "01234");

        await _client.AbortMultipartUploadAsync(TestOrigin.Bucket, Key, uploadId);

        Assert.Equal("NoSuchUpload", await RefusalAsync(uploadId, (1, first)));
        Assert.Null(_test.Origin.FindObject(TestOrigin.Bucket, Key));
    }

    private async Task<string> StartAsync() => (await _client.InitiateMultipartUploadAsync(TestOrigin.Bucket, Key)).UploadId;

    private async Task<string> UploadAsync(string uploadId, int number, string text) => (await _client.UploadPartAsync(new UploadPartRequest
    {
        BucketName = TestOrigin.Bucket,
        Key = Key,
        UploadId = uploadId,
        PartNumber = number,
        InputStream = new MemoryStream(System.Text.Encoding.ASCII.GetBytes(text)),
        UseChunkEncoding = false,
    })).ETag;

    private Task<CompleteMultipartUploadResponse> CompleteAsync(string uploadId, params (int Number, string ETag)[] parts) =>
        _client.CompleteMultipartUploadAsync(new CompleteMultipartUploadRequest
        {
            BucketName = TestOrigin.Bucket,
            Key = Key,
            UploadId = uploadId,
            PartETags = [.. parts.Select(part => new PartETag(part.Number, part.ETag))],
        });

    private async Task<string> RefusalAsync(string uploadId, params (int Number, string ETag)[] parts) =>
        (await Assert.ThrowsAnyAsync<AmazonS3Exception>(() => CompleteAsync(uploadId, parts))).ErrorCode;
}
