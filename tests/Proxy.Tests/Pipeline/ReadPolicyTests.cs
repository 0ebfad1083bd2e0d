using Microsoft.AspNetCore.Http;
using S3Proxy.Auth;
using S3Proxy.Coalescing;
using S3Proxy.Configuration;
using S3Proxy.Fetching;
using S3Proxy.Pipeline;
using S3Proxy.Protocol;
using S3Proxy.Reloading;
using S3Proxy.Responding;
using S3Proxy.Routing;
using S3Proxy.Testing;
using S3Proxy.Tests.Configuration;
using S3Proxy.Tests.Fetching;

namespace S3Proxy.Tests.Pipeline;

/// <summary>Requirement S5: what an answer depends on besides the object is no less so where SDKs put it into a presigned URL.</summary>
public sealed class ReadPolicyTests
{
    private readonly FlightTables _tables = new(new CoalescerOptions(), new ManualTimeProvider());

    [Theory]
    [InlineData("x-amz-expected-bucket-owner=111122223333")]
    [InlineData("x-amz-request-payer=requester")]
    [InlineData("x-amz-server-side-encryption-customer-algorithm=AES256")]
    [InlineData("X-Amz-Something-New=1")]
    public void A_header_in_the_query_is_the_origins_to_heed(string query) => Assert.Null(TryMake(query));

    [Theory]
    [InlineData("X-Amz-Algorithm=a&X-Amz-Credential=b&X-Amz-Date=c&X-Amz-Expires=1&X-Amz-SignedHeaders=host&X-Amz-Signature=d&X-Amz-Content-Sha256=UNSIGNED-PAYLOAD", false)]
    [InlineData("x-id=GetObject", false)]
    [InlineData("x-amz-checksum-mode=ENABLED", true)]
    public void A_presigned_url_is_a_read_like_any_other(string query, bool wantsChecksums) => Assert.Equal(wantsChecksums, TryMake(query)!.WantsChecksums);

    private ReadContext? TryMake(string query)
    {
        DefaultHttpContext http = new();
        Assert.True(S3RequestParser.TryParse("GET", "/bucket/key?" + query, "proxy", http.Request.Headers, hostSuffix: null, out S3Request? s3, out _));
        BucketRoute route = new()
        {
            ClientBucket = s3.Bucket!.Value,
            Configuration = new BucketConfiguration { Origin = FetchBench.OriginConfiguration, Cache = new CacheRule { Mode = CacheMode.Ttl }, Coalescing = CoalescingMode.Streaming },
            OriginBucket = "bucket",
        };
        ProxySnapshot snapshot = new(Configurations.Valid(Configurations.Least));
        ProxyRequest request = new() { Snapshot = snapshot, S3 = s3, Identity = Identity.Anonymous, Payload = default, Route = route, Origin = FetchBench.OriginConfiguration };
        return new ReadPolicy(_tables, () => _tables).TryMake(http, request, receivedAt: 0);
    }
}
