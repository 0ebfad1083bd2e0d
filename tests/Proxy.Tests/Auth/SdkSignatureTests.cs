using System.Globalization;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.AspNetCore.Http;
using S3Proxy.Auth;
using S3Proxy.Configuration;
using S3Proxy.Origin.Signing;
using S3Proxy.Protocol;
using S3Proxy.Protocol.SigV4;
using S3Proxy.Testing;
using S3Proxy.Tests.Origin;
using S3Proxy.Tests.Origin.Signing;

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

    /// <summary>Presigned by the SDK for a random key: accepted, understood as that key, and signed for the origin over the same bytes.</summary>
    [Fact]
    public async Task Presigned_urls_of_random_keys()
    {
        const int Seed = 77;
        const int Urls = 1_000;
        RandomKeys keys = new(Seed);
        OriginConfiguration origin = OriginUriTests.Origin(AddressingStyle.Path);
        OriginRequestSigner signer = new();
        using AmazonS3Client client = NewClient();
        for (int i = 0; i < Urls; i++)
        {
            string key = keys.Next();
            string url = await client.GetPreSignedURLAsync(new GetPreSignedUrlRequest
            {
                BucketName = "bucket",
                Key = key,
                Expires = TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(1),
                Protocol = Amazon.S3.Protocol.HTTP,
            });
            AssertAccepted(new CapturedRequest("GET", url[url.IndexOf('/', "http://".Length)..], new() { ["Host"] = server.Endpoint.Authority }, []), S3Operation.GetObject, key);

            using HttpRequestMessage forwarded = new(HttpMethod.Get, OriginUri.Build(origin, server.Endpoint, "bucket", key, ""));
            signer.Sign(forwarded, origin, new SigningCredentials(AuthTestData.AccessKeyId, AuthTestData.SecretAccessKey), SigV4Signature.EmptyPayloadSha256, TimeProvider.System.GetUtcNow());
            HeaderDictionary headers = new() { ["Host"] = server.Endpoint.Authority };
            foreach ((string name, var values) in forwarded.Headers.NonValidated)
            {
                headers[name] = values.ToString();
            }

            AssertAccepted(new CapturedRequest("GET", forwarded.RequestUri!.PathAndQuery, headers, []), S3Operation.GetObject, key);
        }
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
