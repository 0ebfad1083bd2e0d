using Amazon.S3;
using Amazon.S3.Model;
using S3Proxy.Testing.Ceph;
using Xunit.Abstractions;

namespace S3Proxy.ConformanceTests;

/// <summary>The gateway itself is what other tests take it for.</summary>
[Collection(OneGateway.Name)]
public sealed class RadosGatewayTests(GatewayFixture fixture, ITestOutputHelper output)
{
    [Fact]
    public async Task Keeps_an_object_and_refuses_it_to_another_user()
    {
        if (fixture.Find(output) is not { } gateway)
        {
            return;
        }

        using AmazonS3Client main = Connect(gateway, gateway.Main);
        using AmazonS3Client alt = Connect(gateway, gateway.Alt);
        await main.PutBucketAsync("smoke");
        await main.PutObjectAsync(new PutObjectRequest { BucketName = "smoke", Key = "a b", ContentBody = "content", UseChunkEncoding = false });

        using GetObjectResponse response = await main.GetObjectAsync("smoke", "a b");
        using StreamReader reader = new(response.ResponseStream);
        Assert.Equal("content", await reader.ReadToEndAsync());
        AmazonS3Exception refusal = await Assert.ThrowsAsync<AmazonS3Exception>(() => alt.GetObjectAsync("smoke", "a b"));
        Assert.Equal("AccessDenied", refusal.ErrorCode);
    }

    [Fact]
    public async Task Knows_buckets_by_host()
    {
        if (fixture.Find(output) is not { } gateway)
        {
            return;
        }

        using AmazonS3Client main = Connect(gateway, gateway.Main);
        await main.PutBucketAsync(new PutBucketRequest { BucketName = "by-host", CannedACL = S3CannedACL.PublicRead });
        using HttpClient client = new();
        using HttpRequestMessage request = new(HttpMethod.Get, gateway.Endpoint);
        request.Headers.Host = $"by-host.{RadosGateway.HostSuffix}";
        using HttpResponseMessage response = await client.SendAsync(request);
        Assert.Contains("<Name>by-host</Name>", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static AmazonS3Client Connect(RadosGateway gateway, RadosUser user) => new(user.AccessKey, user.SecretKey, new AmazonS3Config
    {
        ServiceURL = gateway.Endpoint.ToString(),
        ForcePathStyle = true,
        AuthenticationRegion = "us-east-1",
        RequestChecksumCalculation = Amazon.Runtime.RequestChecksumCalculation.WHEN_REQUIRED,
        ResponseChecksumValidation = Amazon.Runtime.ResponseChecksumValidation.WHEN_REQUIRED,
    });
}
