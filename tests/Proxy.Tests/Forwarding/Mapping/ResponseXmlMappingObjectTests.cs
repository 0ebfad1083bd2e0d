using System.Xml.Linq;
using S3Proxy.Forwarding.Mapping;
using S3Proxy.Protocol;

namespace S3Proxy.Tests.Forwarding.Mapping;

public class ResponseXmlMappingObjectTests
{
    [Theory]
    [InlineData((int)S3Operation.CreateMultipartUpload, "InitiateMultipartUploadResult")]
    [InlineData((int)S3Operation.ListParts, "ListPartsResult")]
    [InlineData((int)S3Operation.CompleteMultipartUpload, "CompleteMultipartUploadResult")]
    public async Task Documents_about_one_object_name_it_as_the_client_did(int operation, string root)
    {
        string document = $"<{root} xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Location>http://prod-models.s3.amazonaws.com/zq7tenant/big%20one</Location>"
            + "<Bucket>prod-models</Bucket><Key>zq7tenant/big one</Key><UploadId>VXBsb2Fk</UploadId><ETag>&#34;x-2&#34;</ETag>"
            + $"<Part><PartNumber>1</PartNumber></Part></{root}>";
        using XmlMappingResult result = await XmlDocuments.MapAsync(document, (S3Operation)operation, "big one", "uploadId=VXBsb2Fk");
        XElement mapped = result.Read();

        Assert.Equal(root, mapped.Name.LocalName);
        Assert.Equal("models", mapped.Value("Bucket"));
        Assert.Equal("big one", mapped.Value("Key"));
        Assert.Equal("http://proxy:9000/models/big%20one", mapped.Value("Location"));
        Assert.Equal("VXBsb2Fk", mapped.Value("UploadId"));
        Assert.Equal("\"x-2\"", mapped.Value("ETag"));
        Assert.Equal("1", mapped.All("Part").Single().Value("PartNumber"));
    }

    [Fact]
    public async Task Copy_results_pass_unchanged()
    {
        const string Document = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<CopyObjectResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><LastModified>2026-01-02T03:04:05.000Z</LastModified><ETag>\"x\"</ETag></CopyObjectResult>";
        using XmlMappingResult result = await XmlDocuments.MapAsync(Document, S3Operation.CopyObject, "k");
        Assert.Equal(Document, result.Text());
    }

    [Fact]
    public async Task DeleteResult_maps_deleted_keys_and_errors()
    {
        const string Document = """
            <DeleteResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Deleted><Key>zq7tenant/a&amp;b</Key><DeleteMarker>true</DeleteMarker><DeleteMarkerVersionId>v</DeleteMarkerVersionId></Deleted><Error><Key>zq7tenant/c</Key><Code>AccessDenied</Code><Message>not authorized on arn:aws:s3:::prod-models/zq7tenant/c</Message></Error><Deleted><Key>other</Key></Deleted></DeleteResult>
            """;
        using XmlMappingResult result = await XmlDocuments.MapAsync(Document, S3Operation.DeleteObjects, null, "delete");
        XElement mapped = result.Read();

        Assert.Equal("a&b", mapped.All("Deleted").Single().Value("Key"));
        Assert.Equal("c", mapped.All("Error").Single().Value("Key"));
        Assert.Equal("not authorized on arn:aws:s3:::models/c", mapped.All("Error").Single().Value("Message"));
        Assert.False(result.IsError);
        Assert.Equal(1, result.DroppedEntries);
    }

    [Fact]
    public async Task Errors_show_the_clients_resource_bucket_and_key_and_nothing_unknown()
    {
        const string Document = """
            <?xml version="1.0" encoding="UTF-8"?>
            <Error><Code>SignatureDoesNotMatch</Code><Message>No access to prod-models/zq7tenant/a b.</Message><Key>zq7tenant/a b</Key><BucketName>prod-models</BucketName><Resource>/prod-models/zq7tenant/a b</Resource><Endpoint>prod-models.s3.us-west-2.amazonaws.com</Endpoint><AWSAccessKeyId>AKIDORIGIN</AWSAccessKeyId><CanonicalRequest>GET&#10;/prod-models/zq7tenant/a%20b</CanonicalRequest><RequestId>4442587FB7D0A2F9</RequestId><HostId>h</HostId><Bucket>prod-models</Bucket></Error>
            """;
        using XmlMappingResult result = await XmlDocuments.MapAsync(Document, S3Operation.GetObject, "a b");
        XElement error = result.Read();

        Assert.True(result.IsError);
        Assert.Equal("SignatureDoesNotMatch", error.Value("Code"));
        Assert.Equal("a b", error.Value("Key"));
        Assert.Equal("models", error.Value("BucketName"));
        Assert.Equal("models", error.Value("Bucket"));
        Assert.Equal("/models/a%20b", error.Value("Resource"));
        Assert.Equal("No access to models/a b.", error.Value("Message"));
        Assert.Equal("4442587FB7D0A2F9", error.Value("RequestId"));
        Assert.DoesNotContain("AKIDORIGIN", result.Text(), StringComparison.Ordinal);
        Assert.Null(error.Value("Endpoint"));
    }

    [Fact]
    public async Task A_copys_error_may_name_the_source()
    {
        var archive = MappedRoutes.Create("archive", "cold-store", "oldstuff/");
        Assert.True(CopySourceMapping.TryMap(CopySource.TryParse("archive/s", out CopySource? parsed) ? parsed : throw new InvalidOperationException(), MappedRoutes.Mapped, _ => archive, out CopySourceMapping? source, out _));
        const string Document = "<Error><Code>NoSuchKey</Code><Message>cold-store/oldstuff/s</Message><Key>oldstuff/s</Key><BucketName>cold-store</BucketName></Error>";
        using XmlMappingResult result = await XmlDocuments.MapAsync(
            MappedRoutes.Body(Document), MappedRoutes.Mapped, MappedRoutes.Request(S3Operation.CopyObject, "d"), copySource: source);
        XElement error = result.Read();

        Assert.Equal("s", error.Value("Key"));
        Assert.Equal("archive", error.Value("BucketName"));
        Assert.Equal("archive/s", error.Value("Message"));
    }

    [Fact]
    public async Task Errors_about_strange_names_do_not_tell_them()
    {
        const string Document = "<Error><Code>NoSuchKey</Code><Key>someone/else</Key><BucketName>their-bucket</BucketName></Error>";
        using XmlMappingResult result = await XmlDocuments.MapAsync(Document, S3Operation.GetObject, "k");
        Assert.EndsWith("<Error><Code>NoSuchKey</Code></Error>", result.Text(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData((int)S3Operation.ListObjects, 200, true)]
    [InlineData((int)S3Operation.CompleteMultipartUpload, 200, true)]
    [InlineData((int)S3Operation.GetObject, 200, false)]
    [InlineData((int)S3Operation.GetObject, 206, false)]
    [InlineData((int)S3Operation.GetObject, 304, false)]
    [InlineData((int)S3Operation.GetObject, 404, true)]
    [InlineData((int)S3Operation.PutObject, 307, true)]
    [InlineData((int)S3Operation.OtherObjectRead, 200, false)]
    public void Applies_to_errors_and_to_results_that_tell_names(int operation, int status, bool applies) =>
        Assert.Equal(applies, ResponseXmlMapping.AppliesTo((S3Operation)operation, status));
}
