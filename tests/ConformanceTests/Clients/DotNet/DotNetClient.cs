using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.S3.Transfer;
using S3Proxy.Testing.Ceph;

namespace S3Proxy.ConformanceTests.Clients.DotNet;

/// <summary>AmazonS3Client and TransferUtility. What the matrix does not ask for is the SDK's default.</summary>
internal sealed class DotNetClient : IMatrixClient
{
    private const long PartBytes = 8 << 20;
    private static readonly TimeSpan UrlLifetime = TimeSpan.FromMinutes(10);
    private readonly AmazonS3Client _s3;
    private readonly TransferUtility _transfers;
    private readonly string _bucket;

    public DotNetClient(ClientAccess access, bool hostStyle)
    {
        _bucket = access.Bucket;
        AWSCredentials credentials = access.IsAnonymous ? new AnonymousAWSCredentials() : new BasicAWSCredentials(access.AccessKey, access.SecretKey);
        _s3 = new AmazonS3Client(credentials, new AmazonS3Config
        {
            ServiceURL = hostStyle ? $"http://{RadosGateway.HostSuffix}:{access.Endpoint.Port}" : access.EndpointText,
            ForcePathStyle = !hostStyle,
            AuthenticationRegion = ClientAccess.Region,
            MaxErrorRetry = 0,
            HttpClientFactory = new LoopbackHttpClientFactory(),
        });
        _transfers = new TransferUtility(_s3, new TransferUtilityConfig { ConcurrentServiceRequests = 4, MinSizeBeforePartUpload = PartBytes });
    }

    public Task PutAsync(string key, string file) => _s3.PutObjectAsync(new PutObjectRequest { BucketName = _bucket, Key = key, FilePath = file });

    public Task PutWithMetadataAsync(string key, string file, string name, string value)
    {
        PutObjectRequest request = new() { BucketName = _bucket, Key = key, FilePath = file };
        request.Metadata[name] = value;
        return _s3.PutObjectAsync(request);
    }

    public Task GetAsync(string key, string file) => SaveAsync(new GetObjectRequest { BucketName = _bucket, Key = key }, file);

    public Task GetRangeAsync(string key, long first, long last, string file) =>
        SaveAsync(new GetObjectRequest { BucketName = _bucket, Key = key, ByteRange = new ByteRange(first, last) }, file);

    public Task UploadInPartsAsync(string key, string file) =>
        _transfers.UploadAsync(new TransferUtilityUploadRequest { BucketName = _bucket, Key = key, FilePath = file, PartSize = PartBytes });

    public Task DownloadInPartsAsync(string key, string file) => _transfers.DownloadWithResponseAsync(new TransferUtilityDownloadRequest
    {
        BucketName = _bucket,
        Key = key,
        FilePath = file,
        MultipartDownloadType = MultipartDownloadType.RANGE,
        PartSize = PartBytes,
    });

    public Task CopyAsync(string source, string destination) => _s3.CopyObjectAsync(_bucket, source, _bucket, destination);

    public async Task<ObjectFacts> HeadAsync(string key)
    {
        GetObjectMetadataResponse answer = await _s3.GetObjectMetadataAsync(_bucket, key);
        return new ObjectFacts(answer.ContentLength, answer.ETag, answer.Metadata.Keys.ToDictionary(name => name["x-amz-meta-".Length..], name => answer.Metadata[name]));
    }

    public async Task<Listing> ListAsync(string prefix, int? pageSize)
    {
        ListObjectsV2Request request = new() { BucketName = _bucket, Prefix = prefix, Delimiter = "/", MaxKeys = pageSize };
        List<string> keys = [];
        List<string> prefixes = [];
        await foreach (ListObjectsV2Response page in _s3.Paginators.ListObjectsV2(request).Responses)
        {
            keys.AddRange((page.S3Objects ?? []).Select(item => item.Key));
            prefixes.AddRange(page.CommonPrefixes ?? []);
        }

        return new Listing(keys, prefixes);
    }

    public Task<Uri> PresignGetAsync(string key) => PresignAsync(HttpVerb.GET, key);

    public Task<Uri> PresignPutAsync(string key) => PresignAsync(HttpVerb.PUT, key);

    public Task DeleteAsync(string key) => _s3.DeleteObjectAsync(_bucket, key);

    public Task DeleteManyAsync(string prefix, IReadOnlyList<string> keys) =>
        _s3.DeleteObjectsAsync(new DeleteObjectsRequest { BucketName = _bucket, Objects = [.. keys.Select(key => new KeyVersion { Key = key })] });

    public Task<bool> GetIfNoneMatchAsync(string key, string etag, string file) =>
        SaveUnlessAsync(new GetObjectRequest { BucketName = _bucket, Key = key, EtagToNotMatch = etag }, HttpStatusCode.NotModified, file);

    public Task<bool> GetIfMatchAsync(string key, string etag, string file) =>
        SaveUnlessAsync(new GetObjectRequest { BucketName = _bucket, Key = key, EtagToMatch = etag }, HttpStatusCode.PreconditionFailed, file);

    public ValueTask DisposeAsync()
    {
        _transfers.Dispose();
        _s3.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<Uri> PresignAsync(HttpVerb verb, string key) => ClientUrl.Parse(await _s3.GetPreSignedURLAsync(new GetPreSignedUrlRequest
    {
        BucketName = _bucket,
        Key = key,
        Verb = verb,
        Protocol = Amazon.S3.Protocol.HTTP,
        Expires = TimeProvider.System.GetUtcNow().UtcDateTime + UrlLifetime,
    }));

    private async Task<bool> SaveUnlessAsync(GetObjectRequest request, HttpStatusCode refusal, string file)
    {
        try
        {
            await SaveAsync(request, file);
            return true;
        }
        catch (AmazonS3Exception exception) when (exception.StatusCode == refusal)
        {
            return false;
        }
    }

    private async Task SaveAsync(GetObjectRequest request, string file)
    {
        using GetObjectResponse answer = await _s3.GetObjectAsync(request);
        await using FileStream target = File.Create(file);
        await answer.ResponseStream.CopyToAsync(target);
    }
}
