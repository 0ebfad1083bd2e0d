using System.Net;
using System.Xml.Linq;
using Amazon.S3;
using Amazon.S3.Model;
using S3Proxy.Testing.Origin;

namespace S3Proxy.Testing.Tests.Origin.Auth;

/// <summary>Signatures are made by the AWS SDK, which knows nothing of this code.</summary>
public sealed class SignatureVerifierTests
{
    /// <summary>No key that begins with a slash: the SDK takes that slash off the address and yet signs it.</summary>
    public static TheoryData<string> TrickyKeys { get; } =
    [
        "plain", "a/b/c", "a//b", "trailing/", "a b", "a+b", "a%2Fb", "a%20b", "100%", "(paren)'quote'!*", "ümläut/日本語/😀", "a/../b", "./a", "..",
        "q?x=1&y=2", "h#ash", "semi;colon,comma", "eq=ual@at:colon$dollar", "[brackets]{braces}|\\^`\"<>", "~tilde-._",
    ];

    [Theory]
    [MemberData(nameof(TrickyKeys))]
    public async Task The_sdk_and_the_origin_agree_on_a_key(string key)
    {
        await using TestOrigin test = await TestOrigin.StartSecuredAsync();
        using AmazonS3Client client = test.CreateSdkClient();

        await client.PutObjectAsync(new PutObjectRequest
        {
            BucketName = TestOrigin.Bucket,
            Key = key,
            ContentBody = key,
            UseChunkEncoding = false,
        });
        Assert.NotNull(test.Origin.FindObject(TestOrigin.Bucket, key));

        using GetObjectResponse response = await client.GetObjectAsync(TestOrigin.Bucket, key);
        using StreamReader reader = new(response.ResponseStream);
        Assert.Equal(key, await reader.ReadToEndAsync());

        ListObjectsV2Response list = await client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = TestOrigin.Bucket, Prefix = key });
        Assert.Equal(key, list.S3Objects.Single().Key);
    }

    [Theory]
    [MemberData(nameof(TrickyKeys))]
    public async Task A_presigned_address_is_accepted(string key)
    {
        await using TestOrigin test = await TestOrigin.StartSecuredAsync();
        test.Origin.PutObject(TestOrigin.Bucket, key, [1, 2, 3]);

        using HttpResponseMessage response = await test.SendAsync(HttpMethod.Get, Presign(test, key, TimeSpan.FromMinutes(5)));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_changed_presigned_address_is_refused()
    {
        await using TestOrigin test = await TestOrigin.StartSecuredAsync();
        test.Origin.PutObject(TestOrigin.Bucket, "a", [1]);
        test.Origin.PutObject(TestOrigin.Bucket, "b", [1]);
        string target = Presign(test, "a", TimeSpan.FromMinutes(5));

        using HttpResponseMessage otherKey = await test.SendAsync(HttpMethod.Get, target.Replace("/a?", "/b?", StringComparison.Ordinal));
        using HttpResponseMessage moreQuery = await test.SendAsync(HttpMethod.Get, target + "&response-content-type=text%2Fhtml");
        using HttpResponseMessage otherMethod = await test.SendAsync(HttpMethod.Delete, target);
        using HttpResponseMessage unsignedHeader = await test.SendAsync(HttpMethod.Get, target, "x-amz-checksum-mode: ENABLED");

        Assert.Equal("SignatureDoesNotMatch", await TestOrigin.ErrorCodeAsync(otherKey));
        Assert.Equal("SignatureDoesNotMatch", await TestOrigin.ErrorCodeAsync(moreQuery));
        Assert.Equal("SignatureDoesNotMatch", await TestOrigin.ErrorCodeAsync(otherMethod));
        Assert.Equal("AccessDenied", await TestOrigin.ErrorCodeAsync(unsignedHeader));
    }

    [Fact]
    public async Task An_expired_presigned_address_is_refused()
    {
        ManualTimeProvider clock = new(TimeProvider.System.GetUtcNow());
        await using TestOrigin test = await TestOrigin.StartAsync(Secured with { TimeProvider = clock });
        test.Origin.PutObject(TestOrigin.Bucket, "a", [1]);
        string target = Presign(test, "a", TimeSpan.FromMinutes(5));

        using HttpResponseMessage inTime = await test.SendAsync(HttpMethod.Get, target);
        clock.Advance(TimeSpan.FromMinutes(10));
        using HttpResponseMessage late = await test.SendAsync(HttpMethod.Get, target);

        Assert.Equal(HttpStatusCode.OK, inTime.StatusCode);
        Assert.Equal("AccessDenied", await TestOrigin.ErrorCodeAsync(late));
    }

    [Fact]
    public async Task Wrong_secret_key_region_and_time_have_their_own_errors()
    {
        ManualTimeProvider clock = new(TimeProvider.System.GetUtcNow());
        await using TestOrigin test = await TestOrigin.StartAsync(Secured with { TimeProvider = clock });
        using AmazonS3Client wrongSecret = test.CreateSdkClient(secret: "guess");
        using AmazonS3Client wrongKey = test.CreateSdkClient(accessKeyId: "AKIDUNKNOWN");
        using AmazonS3Client right = test.CreateSdkClient();

        Assert.Equal("SignatureDoesNotMatch", await ErrorOfAsync(wrongSecret));
        Assert.Equal("InvalidAccessKeyId", await ErrorOfAsync(wrongKey));
        Assert.Null(await ErrorOfAsync(right));
        clock.Advance(TimeSpan.FromMinutes(20));
        Assert.Equal("RequestTimeTooSkewed", await ErrorOfAsync(right));
    }

    [Fact]
    public async Task A_signature_for_another_region_is_refused()
    {
        ManualTimeProvider clock = new();
        await using TestOrigin test = await TestOrigin.StartAsync(Secured with { Region = "eu-central-1", TimeProvider = clock });
        using HttpResponseMessage response = await test.SendAsync(
            HttpMethod.Get,
            "/",
            $"Authorization: AWS4-HMAC-SHA256 Credential={TestOrigin.AccessKeyId}/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=00",
            "x-amz-date: 20260101T000000Z",
            "x-amz-content-sha256: UNSIGNED-PAYLOAD");

        XElement error = await TestOrigin.XmlAsync(response);
        Assert.Equal("AuthorizationHeaderMalformed", error.Element("Code")?.Value);
        Assert.Equal("eu-central-1", error.Element("Region")?.Value);
    }

    [Fact]
    public async Task Unsigned_requests_are_refused_unless_allowed()
    {
        await using TestOrigin closed = await TestOrigin.StartSecuredAsync();
        await using TestOrigin open = await TestOrigin.StartAsync(Secured with { AllowAnonymous = true });
        open.Origin.PutObject(TestOrigin.Bucket, "a", [1]);

        using HttpResponseMessage refused = await closed.GetAsync("a");
        using HttpResponseMessage served = await open.GetAsync("a");
        using HttpResponseMessage overridden = await open.GetAsync("a?response-content-type=text%2Fhtml");

        Assert.Equal("AccessDenied", await TestOrigin.ErrorCodeAsync(refused));
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        Assert.Equal("InvalidRequest", await TestOrigin.ErrorCodeAsync(overridden));
    }

    [Theory]
    [InlineData("AWS AKID:signature", "InvalidRequest")]
    [InlineData("AWS4-HMAC-SHA256 nonsense", "AuthorizationHeaderMalformed")]
    [InlineData("AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=c", "AuthorizationHeaderMalformed")]
    public async Task Malformed_signatures_have_their_own_errors(string authorization, string code)
    {
        await using TestOrigin test = await TestOrigin.StartSecuredAsync();

        using HttpResponseMessage response = await test.GetAsync("a", $"Authorization: {authorization}");

        Assert.Equal(code, await TestOrigin.ErrorCodeAsync(response));
    }

    [Fact]
    public async Task An_unsigned_amz_header_is_refused()
    {
        await using TestOrigin test = await TestOrigin.StartSecuredAsync();
        string target = Presign(test, "a", TimeSpan.FromMinutes(5));

        using HttpResponseMessage response = await test.SendAsync(HttpMethod.Get, target, "x-amz-request-payer: requester");

        Assert.Equal("x-amz-request-payer", (await TestOrigin.XmlAsync(response)).Element("HeadersNotSigned")?.Value);
    }

    private static EmbeddedOriginOptions Secured => new() { Credentials = [new OriginCredential(TestOrigin.AccessKeyId, TestOrigin.SecretAccessKey)] };

    private static string Presign(TestOrigin test, string key, TimeSpan life)
    {
        using AmazonS3Client client = test.CreateSdkClient();
        string address = client.GetPreSignedURL(new GetPreSignedUrlRequest
        {
            BucketName = TestOrigin.Bucket,
            Key = key,
            Expires = TimeProvider.System.GetUtcNow().Add(life).UtcDateTime,
            Protocol = Amazon.S3.Protocol.HTTP,
        });
        return address[test.Origin.Endpoint.GetLeftPart(UriPartial.Authority).Length..];
    }

    private static async Task<string?> ErrorOfAsync(AmazonS3Client client)
    {
        try
        {
            await client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = TestOrigin.Bucket });
            return null;
        }
        catch (AmazonS3Exception error)
        {
            return error.ErrorCode;
        }
    }
}
