using System.Text;
using System.Xml;
using S3Proxy.Warming;

namespace S3Proxy.Tests.Warming;

public sealed class ListingPageTests
{
    [Fact]
    public async Task Keys_sizes_and_the_next_page_are_read()
    {
        ListingPage page = await ReadAsync(
            """
            <?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name><IsTruncated>true</IsTruncated>
            <Contents><Key>a%20b+c%2Bd</Key><LastModified>x</LastModified><Size>12</Size><Owner><ID>1</ID></Owner></Contents><Contents><Key>e</Key></Contents>
            <CommonPrefixes><Prefix>p/</Prefix></CommonPrefixes><NextContinuationToken>t==</NextContinuationToken><EncodingType>url</EncodingType></ListBucketResult>
            """);

        Assert.Equal([new ListedObject("a b c+d", 12), new ListedObject("e", null)], page.Objects);
        Assert.Equal("t==", page.NextToken);
    }

    [Fact]
    public async Task Without_an_encoding_keys_are_as_they_stand_and_the_last_page_has_no_next()
    {
        ListingPage page = await ReadAsync("<ListBucketResult><Contents><Key>a%20b &amp; c</Key><Size>-1</Size></Contents><IsTruncated>false</IsTruncated><NextContinuationToken>t</NextContinuationToken></ListBucketResult>");

        Assert.Equal([new ListedObject("a%20b & c", null)], page.Objects);
        Assert.Null(page.NextToken);
        Assert.Empty((await ReadAsync("<ListBucketResult/>")).Objects);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<Error><Code>AccessDenied</Code></Error>")]
    [InlineData("<ListBucketResult><Contents><Size>1</Size></Contents></ListBucketResult>")]
    [InlineData("<ListBucketResult><Contents><Key>a</Key>")]
    [InlineData("<!DOCTYPE x [<!ENTITY a \"aaaa\">]><ListBucketResult><Contents><Key>&a;</Key></Contents></ListBucketResult>")]
    public async Task What_is_no_listing_is_refused(string document) => await Assert.ThrowsAnyAsync<XmlException>(() => ReadAsync(document));

    private static Task<ListingPage> ReadAsync(string document) => ListingPage.ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(document)));
}
