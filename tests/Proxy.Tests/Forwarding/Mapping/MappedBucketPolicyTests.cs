using S3Proxy.Forwarding.Mapping;
using S3Proxy.Protocol;
using S3Proxy.Routing;

namespace S3Proxy.Tests.Forwarding.Mapping;

public class MappedBucketPolicyTests
{
    [Fact]
    public void Nothing_is_refused_where_nothing_is_renamed()
    {
        foreach (S3Operation operation in Enum.GetValues<S3Operation>())
        {
            Assert.Null(MappedBucketPolicy.Refuse(MappedRoutes.Request(operation, null, "policy"), MappedRoutes.Unmapped));
        }
    }

    [Theory]
    [InlineData((int)S3Operation.CreateBucket)]
    [InlineData((int)S3Operation.DeleteBucket)]
    [InlineData((int)S3Operation.OtherBucketWrite, "versioning")]
    [InlineData((int)S3Operation.OtherBucketRead, "policy")]
    [InlineData((int)S3Operation.OtherBucketRead, "lifecycle")]
    [InlineData((int)S3Operation.OtherBucketRead, "location", "policy")]
    [InlineData((int)S3Operation.OtherBucketRead, "unheard-of")]
    [InlineData((int)S3Operation.OtherObjectRead, "torrent")]
    [InlineData((int)S3Operation.OtherObjectWrite, "restore")]
    [InlineData((int)S3Operation.OtherObjectWrite, "renameObject")]
    public void What_would_reach_past_the_prefix_is_not_implemented(int operation, params string[] query)
    {
        S3Error? error = Refuse((S3Operation)operation, MappedRoutes.Mapped, query);
        Assert.Equal(S3ErrorCode.NotImplemented, error?.Code);
        Assert.Contains("models", error!.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(MappedRoutes.OriginBucket, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("zq7tenant", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData((int)S3Operation.OtherBucketRead, "location")]
    [InlineData((int)S3Operation.OtherBucketRead, "versioning", "x-id=GetBucketVersioning", "X-Amz-Signature=1")]
    [InlineData((int)S3Operation.HeadBucket)]
    [InlineData((int)S3Operation.ListObjectsV2, "list-type=2")]
    [InlineData((int)S3Operation.GetObject)]
    [InlineData((int)S3Operation.DeleteObjects, "delete")]
    [InlineData((int)S3Operation.OtherObjectRead, "tagging", "versionId=1")]
    [InlineData((int)S3Operation.OtherObjectRead, "attributes")]
    [InlineData((int)S3Operation.OtherObjectWrite, "tagging")]
    [InlineData((int)S3Operation.OtherObjectWrite, "select", "select-type=2")]
    public void What_stays_within_the_prefix_passes(int operation, params string[] query) =>
        Assert.Null(Refuse((S3Operation)operation, MappedRoutes.Mapped, query));

    [Theory]
    [InlineData((int)S3Operation.CreateBucket, true)]
    [InlineData((int)S3Operation.DeleteBucket, true)]
    [InlineData((int)S3Operation.OtherBucketWrite, true, "cors")]
    [InlineData((int)S3Operation.OtherBucketRead, true, "lifecycle")]
    [InlineData((int)S3Operation.OtherBucketWrite, false, "policy")]
    [InlineData((int)S3Operation.OtherBucketRead, false, "replication")]
    [InlineData((int)S3Operation.OtherBucketRead, false, "notification")]
    [InlineData((int)S3Operation.PostObject, true)]
    public void A_bucket_under_another_name_keeps_settings_that_name_no_bucket(int operation, bool passes, params string[] query) =>
        Assert.Equal(passes, Refuse((S3Operation)operation, MappedRoutes.RenamedOnly, query) is null);

    private static S3Error? Refuse(S3Operation operation, BucketRoute route, params string[] query) =>
        MappedBucketPolicy.Refuse(MappedRoutes.Request(operation, null, query), route);
}
