using S3Proxy.Forwarding.Mapping;
using S3Proxy.Protocol;
using S3Proxy.Routing;

namespace S3Proxy.Tests.Forwarding.Mapping;

public class RequestQueryMappingTests
{
    private const string P = MappedRoutes.Prefix;

    [Fact]
    public void Presign_parameters_go_and_the_rest_keeps_its_order()
    {
        string[] query =
        [
            "response-content-type=text/plain", "X-Amz-Algorithm=AWS4-HMAC-SHA256", "X-Amz-Credential=AK/d/r/s3/aws4_request", "versionId=7",
            "X-Amz-Date=20260101T000000Z", "X-Amz-Expires=60", "X-Amz-SignedHeaders=host", "X-Amz-Signature=ab", "X-Amz-Security-Token=t", "partNumber=1",
        ];
        Assert.Equal(
            ["response-content-type=text/plain", "versionId=7", "partNumber=1"],
            Map(MappedRoutes.Unmapped, S3Operation.GetObject, query));
        Assert.Equal(
            3, RequestQueryMapping.WithoutPresignParameters(MappedRoutes.Request(S3Operation.ListBuckets, null, query).Query).Count);
    }

    [Fact]
    public void Unmapped_lists_are_sent_as_they_are() => Assert.Equal(
        ["list-type=2", "prefix=a/", "start-after=a/b", "continuation-token=raw"],
        Map(MappedRoutes.Unmapped, S3Operation.ListObjectsV2, "list-type=2", "prefix=a/", "start-after=a/b", "continuation-token=raw"));

    [Theory]
    [InlineData((int)S3Operation.ListObjects, "marker")]
    [InlineData((int)S3Operation.ListObjectsV2, "start-after")]
    [InlineData((int)S3Operation.ListObjectVersions, "key-marker")]
    [InlineData((int)S3Operation.ListMultipartUploads, "key-marker")]
    public void Prefixes_and_markers_get_the_prefix(int operation, string start)
    {
        Assert.Equal(
            [$"{start}={P}a/b", "delimiter=/", $"prefix={P}a/"],
            Map(MappedRoutes.Mapped, (S3Operation)operation, $"{start}=a/b", "delimiter=/", "prefix=a/"));
        Assert.Equal([$"{start}={P}x", $"prefix={P}"], Map(MappedRoutes.Mapped, (S3Operation)operation, $"{start}=x"));
    }

    [Theory]
    [InlineData((int)S3Operation.ListObjects, "marker")]
    [InlineData((int)S3Operation.ListObjectsV2, "start-after")]
    [InlineData((int)S3Operation.ListObjectVersions, "key-marker")]
    [InlineData((int)S3Operation.ListMultipartUploads, "key-marker")]
    public void A_list_from_the_beginning_starts_after_the_folder_marker(int operation, string start)
    {
        Assert.Equal(["max-keys=1", $"prefix={P}", $"{start}={P}"], Map(MappedRoutes.Mapped, (S3Operation)operation, "max-keys=1"));
        Assert.Equal([$"prefix={P}", $"{start}={P}"], Map(MappedRoutes.Mapped, (S3Operation)operation, "prefix=", $"{start}="));

        // Within a prefix of the client the marker is not listed, and some servers want the start to begin with the prefix.
        Assert.Equal([$"prefix={P}a"], Map(MappedRoutes.Mapped, (S3Operation)operation, "prefix=a"));
    }

    [Fact]
    public void Opaque_markers_are_not_touched_and_get_no_company()
    {
        Assert.Equal(
            [$"key-marker={P}k", "version-id-marker=v", $"prefix={P}"],
            Map(MappedRoutes.Mapped, S3Operation.ListObjectVersions, "key-marker=k", "version-id-marker=v"));
        Assert.Equal(
            ["version-id-marker=v", $"prefix={P}"],
            Map(MappedRoutes.Mapped, S3Operation.ListObjectVersions, "version-id-marker=v"));
        Assert.Equal(
            [$"key-marker={P}k", "upload-id-marker=u", $"prefix={P}"],
            Map(MappedRoutes.Mapped, S3Operation.ListMultipartUploads, "key-marker=k", "upload-id-marker=u"));
    }

    [Fact]
    public void Every_occurrence_of_a_repeated_name_is_mapped() => Assert.Equal(
        [$"prefix={P}a", $"prefix={P}"],
        Map(MappedRoutes.Mapped, S3Operation.ListObjectsV2, "prefix=a", "prefix="));

    [Fact]
    public void Continuation_tokens_are_unwrapped()
    {
        string token = ContinuationToken.ToClient(P + "last", new KeyMapping(MappedRoutes.Mapped));
        Assert.Equal(
            ["list-type=2", $"continuation-token={P}last", $"prefix={P}"],
            Map(MappedRoutes.Mapped, S3Operation.ListObjectsV2, "list-type=2", "continuation-token=" + token));
    }

    [Fact]
    public void A_foreign_continuation_token_is_an_invalid_argument()
    {
        S3Request request = MappedRoutes.Request(S3Operation.ListObjectsV2, null, "list-type=2", "continuation-token=other/key");
        Assert.False(RequestQueryMapping.TryMap(request, MappedRoutes.Mapped, out _, out S3Error? error));
        Assert.Equal(S3ErrorCode.InvalidArgument, error.Code);
    }

    [Fact]
    public void A_renamed_bucket_without_prefix_gets_no_prefix_but_wraps_tokens()
    {
        string token = ContinuationToken.ToClient("abc", new KeyMapping(MappedRoutes.RenamedOnly));
        Assert.Equal(
            ["continuation-token=abc", "start-after=a"],
            Map(MappedRoutes.RenamedOnly, S3Operation.ListObjectsV2, "continuation-token=" + token, "start-after=a"));
    }

    [Fact]
    public void Other_operations_keep_parameters_of_the_same_name() => Assert.Equal(
        ["prefix=a", "marker=b"], Map(MappedRoutes.Mapped, S3Operation.GetObject, "prefix=a", "marker=b"));

    private static string[] Map(BucketRoute route, S3Operation operation, params string[] query)
    {
        Assert.True(RequestQueryMapping.TryMap(MappedRoutes.Request(operation, null, query), route, out var items, out S3Error? error), error?.Message);
        return [.. items.Select(item => $"{item.Key}={item.Value}")];
    }
}
