using S3Proxy.Protocol;

namespace S3Proxy.Tests.Protocol;

public class S3OperationsTests
{
    [Fact]
    public void Every_operation_needs_an_action() =>
        Assert.All(Enum.GetValues<S3Operation>(), o => Assert.NotEqual(S3Actions.None, S3Operations.RequiredActions(o)));

    [Fact]
    public void Reads_and_lists_change_nothing_and_everything_else_does()
    {
        S3Operation[] reads =
        [
            S3Operation.GetObject, S3Operation.HeadObject, S3Operation.ListParts, S3Operation.OtherObjectRead, S3Operation.ListBuckets,
            S3Operation.ListObjects, S3Operation.ListObjectsV2, S3Operation.ListObjectVersions, S3Operation.ListMultipartUploads,
            S3Operation.HeadBucket, S3Operation.OtherBucketRead,
        ];

        Assert.All(Enum.GetValues<S3Operation>(), o => Assert.Equal(!reads.Contains(o), S3Operations.IsMutation(o)));
    }

    [Theory]
    [InlineData("PUT", S3Operation.OtherObjectWrite, S3Actions.Write)]
    [InlineData("DELETE", S3Operation.OtherObjectWrite, S3Actions.Delete)]
    [InlineData("DELETE", S3Operation.OtherBucketWrite, S3Actions.Delete)]
    [InlineData("DELETE", S3Operation.AbortMultipartUpload, S3Actions.Delete)]
    [InlineData("GET", S3Operation.GetObject, S3Actions.Read)]
    public void Removal_of_a_setting_needs_delete(string method, object operation, object expected)
    {
        var request = new S3Request
        {
            Method = method,
            Operation = (S3Operation)operation,
            Query = S3Query.Empty,
            RawTarget = "/",
            RawPath = "/",
            Resource = "/",
        };

        Assert.Equal(expected, S3Operations.RequiredActions(request));
    }
}
