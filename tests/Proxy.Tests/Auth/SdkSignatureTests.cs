using System.Globalization;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using S3Proxy.Auth;
using S3Proxy.Protocol;
using S3Proxy.Tests.Origin;

namespace S3Proxy.Tests.Auth;

/// <summary>What the AWS SDK signs, the proxy must accept, and understand as the key that was meant.</summary>
public sealed class SdkSignatureTests(CaptureServer server) : IClassFixture<CaptureServer>
{
    // The SDK itself takes a leading slash off a key; the rest it sends as given.
    public static TheoryData<string> Keys => [.. TrickyKeys.Values.Where(key => !key.StartsWith('/'))];

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task Get_object(string key)
    {
        using AmazonS3Client client = NewClient();
        using GetObjectResponse response = await client.GetObjectAsync(new GetObjectRequest { BucketName = "bucket", Key = key, ByteRange = new ByteRange(0, 9) });

        AssertAccepted(server.Take(), S3Operation.GetObject, key);
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task Put_object(string key)
    {
        using AmazonS3Client client = NewClient();
        var request = new PutObjectRequest { BucketName = "bucket", Key = key, ContentBody = "content" };
        request.Metadata["note"] = "two  blanks";
        await client.PutObjectAsync(request);

        AuthenticationResult result = AssertAccepted(server.Take(), S3Operation.PutObject, key);
        Assert.True(result.Payload.IsStreaming);
        Assert.NotNull(result.ChunkSigning);
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task List_with_the_key_as_prefix(string key)
    {
        using AmazonS3Client client = NewClient();
        await client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = "bucket", Prefix = key, Delimiter = "/", MaxKeys = 7 });

        CapturedRequest captured = server.Take();
        AssertAccepted(captured, S3Operation.ListObjectsV2, null);
        Assert.Equal(key, Parse(captured).Query.Find("prefix"));
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task Copy_object(string key)
    {
        using AmazonS3Client client = NewClient();
        await client.CopyObjectAsync(new CopyObjectRequest
        {
            SourceBucket = "source",
            SourceKey = key,
            SourceVersionId = "v1",
            DestinationBucket = "bucket",
            DestinationKey = "copy",
        });

        CapturedRequest captured = server.Take();
        AssertAccepted(captured, S3Operation.CopyObject, "copy");
        CopySource source = Parse(captured).CopySource!;
        Assert.Equal(("source", key, "v1"), (source.Bucket.Value, source.Key.Value, source.VersionId));
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task Presigned_url(string key)
    {
        using AmazonS3Client client = NewClient();
        string url = await client.GetPreSignedURLAsync(new GetPreSignedUrlRequest
        {
            BucketName = "bucket",
            Key = key,
            Expires = TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(1),
            Verb = HttpVerb.GET,
            Protocol = Amazon.S3.Protocol.HTTP,
            ResponseHeaderOverrides = new ResponseHeaderOverrides { ContentDisposition = "attachment; filename=\"a b+c.txt\"" },
        });

        string target = url[url.IndexOf('/', "http://".Length)..];
        var captured = new CapturedRequest("GET", target, new() { ["Host"] = server.Endpoint.Authority }, []);
        AssertAccepted(captured, S3Operation.GetObject, key);
        Assert.Equal("attachment; filename=\"a b+c.txt\"", Parse(captured).Query.Find("response-content-disposition"));
    }

    private static S3Request Parse(CapturedRequest captured)
    {
        bool ok = S3RequestParser.TryParse(
            captured.Method, captured.RawTarget, captured.Headers["Host"].ToString(), captured.Headers, null, out S3Request? request, out S3Error? error);
        Assert.True(ok, $"{captured.RawTarget}: {error}");
        return request!;
    }

    private static AuthenticationResult AssertAccepted(CapturedRequest captured, S3Operation operation, string? key)
    {
        S3Request request = Parse(captured);
        Assert.Equal((operation, key), (request.Operation, request.Key?.Value));
        string timestamp = request.Query.Find("X-Amz-Date") ?? captured.Headers["x-amz-date"].ToString();
        DateTimeOffset now = DateTimeOffset.ParseExact(timestamp, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

        AuthenticationResult result = new SigV4Authenticator().Authenticate(request, captured.Headers, AuthTestData.ExampleKeys, now);

        Assert.True(result.IsAuthenticated, $"{captured.RawTarget}: {result.Error} {string.Join(' ', result.Error?.Details ?? [])}");
        Assert.Equal(AuthTestData.AccessKeyId, result.Identity.AccessKeyId);
        return result;
    }

    private AmazonS3Client NewClient() => new(
        new BasicAWSCredentials(AuthTestData.AccessKeyId, AuthTestData.SecretAccessKey),
        new AmazonS3Config
        {
            ServiceURL = server.Endpoint.ToString(),
            ForcePathStyle = true,
            AuthenticationRegion = "eu-west-1",
            MaxErrorRetry = 0,
        });
}
