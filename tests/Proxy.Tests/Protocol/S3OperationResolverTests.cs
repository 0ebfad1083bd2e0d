using Microsoft.AspNetCore.Http;
using S3Proxy.Protocol;

namespace S3Proxy.Tests.Protocol;

public class S3OperationResolverTests
{
    [Theory]
    [InlineData("GET", "/", S3Operation.ListBuckets)]
    [InlineData("GET", "/?x-id=ListBuckets", S3Operation.ListBuckets)]
    [InlineData("GET", "/bkt/k", S3Operation.GetObject)]
    [InlineData("GET", "/bkt/k?versionId=1", S3Operation.GetObject)]
    [InlineData("GET", "/bkt/k?versionId", S3Operation.GetObject)]
    [InlineData("GET", "/bkt/k?partNumber=1", S3Operation.GetObject)]
    [InlineData("GET", "/bkt/k?response-content-type=a%2Fb&response-expires", S3Operation.GetObject)]
    [InlineData("GET", "/bkt/k?x-id=GetObject", S3Operation.GetObject)]
    [InlineData("GET", "/bkt/k?v=17", S3Operation.GetObject)]
    [InlineData("GET", "/bkt/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Security-Token", S3Operation.GetObject)]
    [InlineData("GET", "/bkt/k?uploadId=1&part-number-marker=2", S3Operation.ListParts)]
    [InlineData("GET", "/bkt/k?acl", S3Operation.OtherObjectRead)]
    [InlineData("GET", "/bkt/k?tagging=", S3Operation.OtherObjectRead)]
    [InlineData("GET", "/bkt/k?attributes", S3Operation.OtherObjectRead)]
    [InlineData("GET", "/bkt/k?retention&versionId=1", S3Operation.OtherObjectRead)]
    [InlineData("GET", "/bkt/k?legal-hold", S3Operation.OtherObjectRead)]
    [InlineData("GET", "/bkt/k?torrent", S3Operation.OtherObjectRead)]
    [InlineData("GET", "/bkt/k?some-future-thing", S3Operation.OtherObjectRead)]
    [InlineData("HEAD", "/bkt/k", S3Operation.HeadObject)]
    [InlineData("HEAD", "/bkt/k?acl", S3Operation.OtherObjectRead)]
    [InlineData("PUT", "/bkt/k", S3Operation.PutObject)]
    [InlineData("PUT", "/bkt/k?partNumber=1&uploadId=2", S3Operation.UploadPart)]
    [InlineData("PUT", "/bkt/k?uploadId=2", S3Operation.PutObject)]
    [InlineData("PUT", "/bkt/k?partNumber=2", S3Operation.PutObject)]
    [InlineData("PUT", "/bkt/k?tagging", S3Operation.OtherObjectWrite)]
    [InlineData("PUT", "/bkt/k?some-future-thing", S3Operation.OtherObjectWrite)]
    [InlineData("POST", "/bkt/k?uploads", S3Operation.CreateMultipartUpload)]
    [InlineData("POST", "/bkt/k?uploadId=1", S3Operation.CompleteMultipartUpload)]
    [InlineData("POST", "/bkt/k?select&select-type=2", S3Operation.OtherObjectRead)]
    [InlineData("POST", "/bkt/k?restore", S3Operation.OtherObjectWrite)]
    [InlineData("DELETE", "/bkt/k", S3Operation.DeleteObject)]
    [InlineData("DELETE", "/bkt/k?versionId=1", S3Operation.DeleteObject)]
    [InlineData("DELETE", "/bkt/k?uploadId=1", S3Operation.AbortMultipartUpload)]
    [InlineData("DELETE", "/bkt/k?tagging", S3Operation.OtherObjectWrite)]
    [InlineData("GET", "/bkt", S3Operation.ListObjects)]
    [InlineData("GET", "/bkt/", S3Operation.ListObjects)]
    [InlineData("GET", "/bkt?prefix&delimiter=%2F", S3Operation.ListObjects)]
    [InlineData("GET", "/bkt?list-type=2", S3Operation.ListObjectsV2)]
    [InlineData("GET", "/bkt?versions", S3Operation.ListObjectVersions)]
    [InlineData("GET", "/bkt?uploads", S3Operation.ListMultipartUploads)]
    [InlineData("GET", "/bkt?location", S3Operation.OtherBucketRead)]
    [InlineData("GET", "/bkt?analytics&id=1", S3Operation.OtherBucketRead)]
    [InlineData("GET", "/bkt?some-future-thing", S3Operation.OtherBucketRead)]
    [InlineData("HEAD", "/bkt", S3Operation.HeadBucket)]
    [InlineData("PUT", "/bkt", S3Operation.CreateBucket)]
    [InlineData("PUT", "/bkt?policy", S3Operation.OtherBucketWrite)]
    [InlineData("POST", "/bkt?delete", S3Operation.DeleteObjects)]
    [InlineData("DELETE", "/bkt", S3Operation.DeleteBucket)]
    [InlineData("DELETE", "/bkt?cors", S3Operation.OtherBucketWrite)]
    public void Operations_are_told_apart(string method, string target, object expected) => Assert.Equal(expected, Resolve(method, target, [], out _));

    [Theory]
    [InlineData("/bkt/k", S3Operation.CopyObject)]
    [InlineData("/bkt/k?partNumber=1&uploadId=2", S3Operation.UploadPartCopy)]
    [InlineData("/bkt/k?acl", S3Operation.OtherObjectWrite)]
    public void Copies_are_told_by_their_header(string target, object expected) =>
        Assert.Equal(expected, Resolve("PUT", target, new() { ["x-amz-copy-source"] = "bkt/k" }, out _));

    [Fact]
    public void A_form_is_told_by_its_content_type()
    {
        Assert.Equal(S3Operation.PostObject, Resolve("POST", "/bkt", new() { ["Content-Type"] = "Multipart/Form-Data; boundary=x" }, out _));
        Assert.Null(Resolve("POST", "/bkt", new() { ["Content-Type"] = "text/plain" }, out S3Error? error));
        Assert.Equal(S3ErrorCode.PreconditionFailed, error!.Code);
    }

    [Theory]
    [InlineData("GET", "/bkt?session")]
    [InlineData("PUT", "/bkt/k?renameObject")]
    public void Directory_buckets_are_not_implemented(string method, string target)
    {
        Assert.Null(Resolve(method, target, [], out S3Error? error));
        Assert.Equal(S3ErrorCode.NotImplemented, error!.Code);
    }

    private static S3Operation? Resolve(string method, string target, HeaderDictionary headers, out S3Error? error) =>
        S3RequestParser.TryParse(method, target, "", headers, null, out S3Request? request, out error) ? request.Operation : null;
}
