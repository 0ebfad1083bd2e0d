using Microsoft.AspNetCore.Http;
using S3Proxy.Forwarding.Forms;
using S3Proxy.Protocol;

namespace S3Proxy.Tests.Forwarding.Forms;

/// <summary>Requirement S6.</summary>
public sealed class FormHeadersTests
{
    [Fact]
    public void Fields_of_the_object_become_headers_and_nothing_else_does()
    {
        HeaderDictionary headers = new()
        {
            ["Host"] = "proxy",
            ["Origin"] = "https://page.example",
            ["Cookie"] = "secret",
            ["Cache-Control"] = "max-age=0",
            ["Content-Type"] = "multipart/form-data; boundary=x",
            ["Content-Length"] = "1000",
            ["x-amz-copy-source"] = "/foreign/object",
            ["Authorization"] = "Basic x",
        };
        FormFields fields = Fields(
            ("key", "k"), ("acl", "private"), ("content-type", "image/png"), ("Expires", "never"), ("x-amz-meta-Note", "日本"), ("x-amz-checksum-crc32", "AAAAAA=="),
            ("x-amz-storage-class", "STANDARD_IA"), ("x-amz-copy-source", "/foreign/object"), ("x-amz-date", "20260101T000000Z"), ("Authorization", "x"), ("Content-Encoding", "aws-chunked"),
            ("x-amz-content-sha256", "x"), ("policy", "p"), ("success_action_status", "201"), ("Host", "elsewhere"), ("Transfer-Encoding", "chunked"));

        Assert.Null(FormHeaders.Replace(headers, fields, 7));

        Assert.Equal(
            [
                "Content-Length=7", "Content-Type=image/png", "Expires=never", "Host=proxy", "Origin=https://page.example", "x-amz-acl=private",
                "x-amz-checksum-crc32=AAAAAA==", "x-amz-meta-Note=日本", "x-amz-storage-class=STANDARD_IA",
            ],
            headers.Select(header => $"{header.Key}={header.Value}").Order(StringComparer.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("x-amz-meta-a", "one\r\ntwo")]
    [InlineData("x-amz-meta-a", "nul\0")]
    [InlineData("x-amz-meta-a b", "v")]
    [InlineData("x-amz-meta-a:b", "v")]
    [InlineData("Content-Type", "text/plain\nx-amz-acl: public-read")]
    public void What_no_header_can_hold_is_refused(string name, string value) =>
        Assert.Equal(S3ErrorCode.InvalidArgument, FormHeaders.Replace(new HeaderDictionary(), Fields((name, value)), 0)?.Code);

    [Theory]
    [InlineData("<Tagging><TagSet><Tag><Key>a b</Key><Value>c&amp;d</Value></Tag><Tag><Key>e</Key><Value></Value></Tag></TagSet></Tagging>", "a%20b=c%26d&e=")]
    [InlineData("<?xml version=\"1.0\"?>\n<Tagging xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"> <TagSet><Tag><Value>v</Value><Key>k</Key></Tag></TagSet></Tagging>", "k=v")]
    [InlineData("<Tagging><TagSet/></Tagging>", "")]
    public void Tags(string document, string expected)
    {
        HeaderDictionary headers = [];
        Assert.Null(FormHeaders.Replace(headers, Fields(("tagging", document)), 0));
        Assert.Equal(expected, headers["x-amz-tagging"].ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("a=b")]
    [InlineData("<Tagging><TagSet><Tag><Key>a</Key></Tag></TagSet></Tagging>")]
    [InlineData("<Tagging><TagSet><Tag><Key>a</Key><Key>b</Key><Value>c</Value></Tag></TagSet></Tagging>")]
    [InlineData("<Tagging><TagSet><Tag><Key>a<b/></Key><Value>c</Value></Tag></TagSet></Tagging>")]
    [InlineData("<Tagging><TagSet><Key>a</Key><Value>c</Value></TagSet></Tagging>")]
    [InlineData("<Other/>")]
    [InlineData("<!DOCTYPE x []><Tagging/>")]
    public void What_is_no_tagging_document_is_refused(string document) =>
        Assert.Equal(S3ErrorCode.MalformedXML, FormHeaders.Replace(new HeaderDictionary(), Fields(("tagging", document)), 0)?.Code);

    [Theory]
    [InlineData("photo.jpg", "in/photo.jpg/photo.jpg")]
    [InlineData("C:\\dir\\photo.jpg", "in/photo.jpg/photo.jpg")]
    [InlineData("/tmp/photo.jpg", "in/photo.jpg/photo.jpg")]
    [InlineData("${filename}", "in/${filename}/${filename}")]
    [InlineData("", "in//")]
    public void The_name_of_the_file_is_put_in(string fileName, string expected) =>
        Assert.Equal(expected, new FormFields([new("key", "in/${filename}/${filename}")], fileName).Find("KEY"));

    private static FormFields Fields(params (string Name, string Value)[] fields) =>
        new([.. fields.Select(field => new KeyValuePair<string, string>(field.Name, field.Value))], "");
}
