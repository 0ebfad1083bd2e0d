using System.Text;
using System.Xml;
using System.Xml.Linq;
using FsCheck;
using FsCheck.Fluent;
using S3Proxy.Forwarding.Mapping;
using S3Proxy.Protocol;

namespace S3Proxy.Tests.Forwarding.Mapping;

public class ResponseXmlMappingListTests
{
    private const string AwsNamespace = "http://s3.amazonaws.com/doc/2006-03-01/";

    [Fact]
    public async Task Aws_ListObjectsV2_shows_the_clients_names()
    {
        const string Document = """
            <?xml version="1.0" encoding="UTF-8"?>
            <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>prod-models</Name><Prefix>zq7tenant/a/</Prefix><ContinuationToken>OLD=</ContinuationToken><NextContinuationToken>1ueGcxLPRx1Tr/XYExHnhbYLgveDs2J/wm36Hy4vbOwM=</NextContinuationToken><StartAfter>zq7tenant/a/0</StartAfter><KeyCount>3</KeyCount><MaxKeys>3</MaxKeys><Delimiter>/</Delimiter><IsTruncated>true</IsTruncated><Contents><Key>zq7tenant/a/1 &lt;&amp;&gt; ]]&gt;.bin</Key><LastModified>2026-01-02T03:04:05.000Z</LastModified><ETag>&quot;9b2cf535f27731c974343645a3985328&quot;</ETag><ChecksumAlgorithm>CRC64NVME</ChecksumAlgorithm><Size>142863</Size><StorageClass>STANDARD</StorageClass></Contents><Contents><Key>zq7tenant/a/日本</Key><Size>0</Size></Contents><CommonPrefixes><Prefix>zq7tenant/a/sub/</Prefix></CommonPrefixes></ListBucketResult>
            """;
        using XmlMappingResult result = await XmlDocuments.MapAsync(
            Document, S3Operation.ListObjectsV2, null, "list-type=2", "prefix=a/", "start-after=a/0", "continuation-token=p1w.T0xEPQ", "delimiter=/");
        XElement list = result.Read();

        Assert.StartsWith("<?xml version=\"1.0\" encoding=\"UTF-8\"?>", result.Text(), StringComparison.Ordinal);
        Assert.Equal(XName.Get("ListBucketResult", AwsNamespace), list.Name);
        Assert.Equal("models", list.Value("Name"));
        Assert.Equal("a/", list.Value("Prefix"));
        Assert.Equal("a/0", list.Value("StartAfter"));
        Assert.Equal("p1w.T0xEPQ", list.Value("ContinuationToken"));
        Assert.True(ContinuationToken.TryToOrigin(list.Value("NextContinuationToken")!, new KeyMapping(MappedRoutes.Mapped), out string? token));
        Assert.Equal("1ueGcxLPRx1Tr/XYExHnhbYLgveDs2J/wm36Hy4vbOwM=", token);
        Assert.Equal("3", list.Value("KeyCount"));
        Assert.Equal(["a/1 <&> ]]>.bin", "a/日本"], list.All("Contents").Select(entry => entry.Value("Key")));
        Assert.Equal("\"9b2cf535f27731c974343645a3985328\"", list.All("Contents").First().Value("ETag"));
        Assert.Equal("CRC64NVME", list.All("Contents").First().Value("ChecksumAlgorithm"));
        Assert.Equal("a/sub/", list.All("CommonPrefixes").Single().Value("Prefix"));
        Assert.Equal(0, result.DroppedEntries);
        Assert.False(result.IsError);
    }

    [Fact]
    public async Task Minio_ListObjectsV2_says_its_encoding_after_the_keys()
    {
        const string Document = """
            <?xml version="1.0" encoding="UTF-8"?>
            <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>prod-models</Name><Prefix>zq7tenant/a+b</Prefix><NextContinuationToken>enE3dGVuYW50L21vZGVscy9sYXN0</NextContinuationToken><KeyCount>2</KeyCount><MaxKeys>2</MaxKeys><IsTruncated>true</IsTruncated><Contents><Key>zq7tenant/a+b%2Bc%01</Key></Contents><Contents><Key>zq7tenant%2Fa+b%FF</Key></Contents><CommonPrefixes><Prefix>zq7tenant/a+b/%26/</Prefix></CommonPrefixes><EncodingType>url</EncodingType></ListBucketResult>
            """;
        using XmlMappingResult result = await XmlDocuments.MapAsync(
            Document, S3Operation.ListObjectsV2, null, "list-type=2", "prefix=a b", "encoding-type=url");
        XElement list = result.Read();

        Assert.Equal("a%20b", list.Value("Prefix"));
        Assert.Equal(["a%20b%2Bc%01", "a%20b%FF"], list.All("Contents").Select(entry => entry.Value("Key")));
        Assert.Equal("a%20b/%26/", list.All("CommonPrefixes").Single().Value("Prefix"));
        Assert.Equal("p1b.bW9kZWxzL2xhc3Q", list.Value("NextContinuationToken"));
    }

    [Fact]
    public async Task Rgw_ListObjects_with_key_markers_and_control_characters()
    {
        const string Document = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>prod-models</Name><Prefix>zq7tenant/</Prefix>"
            + "<Marker>zq7tenant/</Marker><NextMarker>zq7tenant/tab&#9;end&#xD;</NextMarker><MaxKeys>2</MaxKeys><IsTruncated>true</IsTruncated>"
            + "<Contents><Key>zq7tenant/&#x1;ctl</Key><Owner><ID>u</ID><DisplayName>U</DisplayName></Owner><Type>Normal</Type></Contents>"
            + "<Contents><Key><![CDATA[zq7tenant/tab]]>&#9;end&#xD;</Key></Contents></ListBucketResult>";
        using XmlMappingResult result = await XmlDocuments.MapAsync(Document, S3Operation.ListObjects);

        string text = result.Text();
        Assert.Contains("<Key>&#x1;ctl</Key>", text, StringComparison.Ordinal);
        Assert.Contains("<Key>tab\tend&#xD;</Key>", text, StringComparison.Ordinal);
        Assert.Contains("<NextMarker>tab\tend&#xD;</NextMarker>", text, StringComparison.Ordinal);
        Assert.Contains("<Marker></Marker>", text, StringComparison.Ordinal);
        Assert.Contains("<Prefix></Prefix>", text, StringComparison.Ordinal);
        Assert.DoesNotContain("zq7tenant", text, StringComparison.Ordinal);
    }

    /// <summary>As Ceph 16.2 answers: slashes of keys are encoded, Prefix and NextMarker are not encoded at all.</summary>
    [Fact]
    public async Task Rgw_encodes_keys_but_not_the_next_marker()
    {
        const string Document = """
            <?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><EncodingType>url</EncodingType><Name>prod-models</Name><Prefix>zq7tenant/</Prefix><MaxKeys>1</MaxKeys><IsTruncated>true</IsTruncated><Contents><Key>zq7tenant%2Fb%20c%2Bd</Key></Contents><Marker>zq7tenant/a</Marker><NextMarker>zq7tenant/b c+d</NextMarker></ListBucketResult>
            """;
        using XmlMappingResult result = await XmlDocuments.MapAsync(Document, S3Operation.ListObjects, null, "marker=a", "encoding-type=url");
        XElement list = result.Read();

        Assert.Equal("b%20c%2Bd", list.All("Contents").Single().Value("Key"));
        Assert.Equal("b%20c%2Bd", list.Value("NextMarker"));
        Assert.Equal("a", list.Value("Marker"));
    }

    [Fact]
    public async Task Entries_outside_the_prefix_are_dropped_and_counted()
    {
        const string Document = """
            <ListBucketResult>
              <Name>prod-models</Name><KeyCount>12</KeyCount><StartAfter>zq7tenant/</StartAfter><NextMarker>zz/outside</NextMarker>
              <Contents><Key>zq7tenant/</Key><Size>0</Size></Contents>
              <Contents><Size>1</Size><Key>another/secret</Key><Owner><ID>secret</ID></Owner></Contents>
              <Contents><Key>zq7tenant/mine</Key></Contents>
              <CommonPrefixes><Prefix>secret/</Prefix></CommonPrefixes>
            </ListBucketResult>
            """;
        using XmlMappingResult result = await XmlDocuments.MapAsync(Document, S3Operation.ListObjectsV2);
        XElement list = result.Read();

        Assert.Equal("mine", list.All("Contents").Single().Value("Key"));
        Assert.Empty(list.All("CommonPrefixes"));
        Assert.Null(list.Value("NextMarker"));
        Assert.Null(list.Value("StartAfter"));
        Assert.Equal("9", list.Value("KeyCount"));
        Assert.Equal(3, result.DroppedEntries);
        Assert.DoesNotContain("secret", result.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListVersionsResult_maps_versions_delete_markers_and_markers()
    {
        const string Document = """
            <ListVersionsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>prod-models</Name><Prefix>zq7tenant/p</Prefix><KeyMarker>zq7tenant/p0</KeyMarker><VersionIdMarker>v0</VersionIdMarker><NextKeyMarker>zq7tenant/p2</NextKeyMarker><NextVersionIdMarker>v2</NextVersionIdMarker><MaxKeys>2</MaxKeys><IsTruncated>true</IsTruncated><Version><Key>zq7tenant/p1</Key><VersionId>v1</VersionId><IsLatest>true</IsLatest></Version><DeleteMarker><Key>zq7tenant/p2</Key><VersionId>v2</VersionId></DeleteMarker><Version><Key>x/p</Key></Version></ListVersionsResult>
            """;
        using XmlMappingResult result = await XmlDocuments.MapAsync(
            Document, S3Operation.ListObjectVersions, null, "versions", "prefix=p", "key-marker=p0", "version-id-marker=v0");
        XElement list = result.Read();

        Assert.Equal("p", list.Value("Prefix"));
        Assert.Equal("p0", list.Value("KeyMarker"));
        Assert.Equal("v0", list.Value("VersionIdMarker"));
        Assert.Equal("p2", list.Value("NextKeyMarker"));
        Assert.Equal("v2", list.Value("NextVersionIdMarker"));
        Assert.Equal("p1", list.All("Version").Single().Value("Key"));
        Assert.Equal("p2", list.All("DeleteMarker").Single().Value("Key"));
        Assert.Equal(1, result.DroppedEntries);
    }

    [Fact]
    public async Task ListMultipartUploadsResult_maps_uploads_and_markers()
    {
        const string Document = """
            <ListMultipartUploadsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Bucket>prod-models</Bucket><KeyMarker/><UploadIdMarker/><NextKeyMarker>zq7tenant/b</NextKeyMarker><NextUploadIdMarker>u2</NextUploadIdMarker><Prefix>zq7tenant/</Prefix><MaxUploads>2</MaxUploads><IsTruncated>false</IsTruncated><Upload><Key>zq7tenant/a</Key><UploadId>u1</UploadId><Initiator><ID>arn:aws:iam::1:user/x</ID></Initiator></Upload><Upload><Key>x</Key><UploadId>u9</UploadId></Upload></ListMultipartUploadsResult>
            """;
        using XmlMappingResult result = await XmlDocuments.MapAsync(Document, S3Operation.ListMultipartUploads, null, "uploads");
        XElement list = result.Read();

        Assert.Equal("models", list.Value("Bucket"));
        Assert.Equal("b", list.Value("NextKeyMarker"));
        Assert.Equal("", list.Value("Prefix"));
        Assert.Equal("u1", list.All("Upload").Single().Value("UploadId"));
        Assert.Equal("a", list.All("Upload").Single().Value("Key"));
    }

    [Fact]
    public async Task A_renamed_bucket_without_prefix_keeps_its_keys()
    {
        const string Document = "<ListBucketResult><Name>prod-models</Name><Contents><Key>a+%zz</Key></Contents><NextMarker>a</NextMarker></ListBucketResult>";
        using XmlMappingResult result = await XmlDocuments.MapAsync(
            MappedRoutes.Body(Document), MappedRoutes.RenamedOnly, MappedRoutes.Request(S3Operation.ListObjects));

        Assert.EndsWith(Document.Replace("prod-models", "models", StringComparison.Ordinal), result.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void Any_listed_keys_come_through_plain_and_encoded()
    {
        Prop.ForAll((NonEmptyString[] texts, bool encoded) =>
        {
            string[] keys = [.. texts.Select(text => text.Get).Where(key => ObjectKey.TryParse(key, out _))];
            var document = new StringBuilder("<ListBucketResult><Name>prod-models</Name>");
            foreach (string key in keys)
            {
                string origin = MappedRoutes.Prefix + key;
                document.Append("<Contents><Key>").Append(encoded ? S3Uri.EncodePath(origin) : Escape(origin)).Append("</Key></Contents>");
            }

            document.Append(encoded ? "<EncodingType>url</EncodingType>" : "").Append("</ListBucketResult>");
            using XmlMappingResult result = XmlDocuments.MapAsync(document.ToString(), S3Operation.ListObjects).GetAwaiter().GetResult();
            using var reader = XmlReader.Create(new StringReader(result.Text()), new XmlReaderSettings { CheckCharacters = false });
            IEnumerable<string?> mapped = XElement.Load(reader, LoadOptions.PreserveWhitespace).All("Contents").Select(entry => entry.Value("Key"));
            return mapped.Select(key => encoded ? Uri.UnescapeDataString(key!) : key).SequenceEqual(keys);
        }).QuickCheckThrowOnFailure();
    }

    private static string Escape(string text) =>
        string.Concat(text.Select(c => c is '&' or '<' or '>' || c < ' ' || c is '\ufffe' or '\uffff' ? $"&#{(int)c};" : c.ToString()));
}
