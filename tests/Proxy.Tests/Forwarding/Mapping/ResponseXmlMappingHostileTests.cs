using System.Text;
using FsCheck;
using FsCheck.Fluent;
using S3Proxy.Forwarding.Mapping;
using S3Proxy.Protocol;

namespace S3Proxy.Tests.Forwarding.Mapping;

public class ResponseXmlMappingHostileTests
{
    private const string BillionLaughs = """
        <?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]><ListBucketResult><Name>&c;</Name></ListBucketResult>
        """;

    [Theory]
    [InlineData(BillionLaughs)]
    [InlineData("<!DOCTYPE x SYSTEM \"file:///etc/passwd\"><ListBucketResult/>")]
    [InlineData("<ListBucketResult><Name>prod-models")]
    [InlineData("<ListBucketResult><Name>prod-models</Name>")]
    [InlineData("<ListBucketResult></ListBucketResult><ListBucketResult/>")]
    [InlineData("<ListBucketResult><Contents><Key>a<b/></Key></Contents></ListBucketResult>")]
    [InlineData("<ListBucketResult><Contents><Key>zq7tenant/&#xD800;</Key></Contents></ListBucketResult>")]
    [InlineData("<ListBucketResult>&undefined;</ListBucketResult>")]
    [InlineData("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><ListBucketResult/>")]
    [InlineData("{\"error\":\"prod-models\"}")]
    [InlineData("   x")]
    public async Task Broken_documents_are_a_typed_failure_without_output(string document)
    {
        using XmlMappingResult result = await XmlDocuments.MapAsync(document, S3Operation.ListObjects);
        Assert.Equal(XmlMappingFailure.Malformed, result.Failure);
        Assert.True(result.Body.IsEmpty);
        Assert.NotEmpty(result.Detail);
    }

    [Theory]
    [InlineData("<ListVersionsResult/>")]
    [InlineData("<html><body>502 Bad Gateway<br></body></html>")]
    [InlineData("<ListAllMyBucketsResult><Buckets><Bucket><Name>prod-models</Name></Bucket></Buckets></ListAllMyBucketsResult>")]
    public async Task Documents_of_other_operations_are_unexpected(string document)
    {
        using XmlMappingResult result = await XmlDocuments.MapAsync(document, S3Operation.ListObjects);
        Assert.Equal(XmlMappingFailure.Unexpected, result.Failure);
        Assert.True(result.Body.IsEmpty);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \r\n\t ")]
    public async Task No_document_is_told_apart(string document)
    {
        using XmlMappingResult result = await XmlDocuments.MapAsync(document, S3Operation.GetObject, "k");
        Assert.Equal(XmlMappingFailure.Empty, result.Failure);
    }

    [Fact]
    public async Task Nesting_is_bounded_at_any_place()
    {
        foreach (string parent in new[] { "ListBucketResult", "Error", "ListBucketResult><Contents" })
        {
            string document = $"<{parent}>" + string.Concat(Enumerable.Repeat("<a>", 200_000));
            using XmlMappingResult result = await XmlDocuments.MapAsync(document, S3Operation.ListObjects);
            Assert.Equal(XmlMappingFailure.Malformed, result.Failure);
            Assert.Contains("deeper", result.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Documents_over_the_bound_are_refused_without_reading_on()
    {
        using var endless = new EndlessStream("<ListBucketResult><Name>"u8.ToArray(), (byte)'x');
        using XmlMappingResult result = await XmlDocuments.MapAsync(endless, MappedRoutes.Mapped, MappedRoutes.Request(S3Operation.ListObjects));
        Assert.Equal(XmlMappingFailure.TooLarge, result.Failure);
        Assert.InRange(endless.BytesRead, ResponseXmlMapping.MaxBodyBytes, ResponseXmlMapping.MaxBodyBytes * 2);
    }

    [Fact]
    public async Task Output_that_escapes_blow_up_is_refused()
    {
        string document = "<ListBucketResult><Contents><Key>zq7tenant/" + new string('>', 7_000_000) + "</Key></Contents></ListBucketResult>";
        using XmlMappingResult result = await XmlDocuments.MapAsync(document, S3Operation.ListObjects);
        Assert.Equal(XmlMappingFailure.TooLarge, result.Failure);
    }

    [Fact]
    public async Task A_full_page_of_the_longest_keys_fits()
    {
        string key = string.Concat(Enumerable.Repeat("%E6%97%A5", 337));
        string entry = $"<Contents><Key>zq7tenant/{key}</Key><LastModified>2026-01-02T03:04:05.000Z</LastModified><Owner><ID>{new string('f', 64)}</ID></Owner></Contents>";
        string document = "<ListBucketResult><EncodingType>url</EncodingType>" + string.Concat(Enumerable.Repeat(entry, 1000)) + "</ListBucketResult>";
        using XmlMappingResult result = await XmlDocuments.MapAsync(document, S3Operation.ListObjects);
        Assert.Equal(1000, result.Read().All("Contents").Count(found => found.Value("Key") == key));
    }

    [Fact]
    public void Damaged_documents_never_throw_and_never_leak()
    {
        const string Sound = "<ListBucketResult xmlns='u'><Name>prod-models</Name><EncodingType>url</EncodingType><Contents><Key>zq7tenant/a&#38;b</Key></Contents><KeyCount>1</KeyCount></ListBucketResult>";
        Prop.ForAll((PositiveInt place, byte value, PositiveInt cut) =>
        {
            byte[] bytes = Encoding.UTF8.GetBytes(Sound);
            bytes[place.Get % bytes.Length] = value;
            int length = bytes.Length - (cut.Get % 3 == 0 ? cut.Get % bytes.Length : 0);
            using var body = new MemoryStream(bytes, 0, length);
            using XmlMappingResult result = XmlDocuments.MapAsync(
                body, MappedRoutes.Mapped, MappedRoutes.Request(S3Operation.ListObjects)).GetAwaiter().GetResult();
            return !Encoding.UTF8.GetString(result.Body.Span).Contains("<Key>zq7tenant/", StringComparison.Ordinal);
        }).QuickCheckThrowOnFailure();
    }

    /// <summary>A body that never ends.</summary>
    private sealed class EndlessStream(byte[] start, byte filler) : MemoryStream
    {
        public long BytesRead { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            buffer.Span.Fill(filler);
            if (BytesRead == 0)
            {
                start.CopyTo(buffer);
            }

            BytesRead += buffer.Length;
            return ValueTask.FromResult(buffer.Length);
        }
    }
}
