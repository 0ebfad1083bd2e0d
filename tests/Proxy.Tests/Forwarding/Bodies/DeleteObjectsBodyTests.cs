using System.Text;
using FsCheck;
using FsCheck.Fluent;
using S3Proxy.Forwarding.Bodies;
using S3Proxy.Protocol;

namespace S3Proxy.Tests.Forwarding.Bodies;

public class DeleteObjectsBodyTests
{
    [Fact]
    public async Task Reads_keys_versions_conditions_and_keeps_the_bytes()
    {
        const string Document = """
            <?xml version="1.0" encoding="UTF-8"?>
            <Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
              <Quiet>true</Quiet>
              <Object><Key> a&lt;b ]]&gt; 日 </Key><VersionId>v1</VersionId></Object>
              <Object><ETag>"x"</ETag><Key><![CDATA[<c>]]>&#x1;</Key><Size>7</Size><VersionId/></Object>
            </Delete>
            """;
        (DeleteObjectsBody? body, S3Error? error) = await ReadAsync(Document);
        Assert.Null(error);
        using (body)
        {
            Assert.True(body!.Quiet);
            Assert.Equal("http://s3.amazonaws.com/doc/2006-03-01/", body.XmlNamespace);
            Assert.Equal([" a<b ]]> 日 ", "<c>\u0001"], body.Objects.Select(entry => entry.Key.Value));
            Assert.Equal(["v1", null], body.Objects.Select(entry => entry.VersionId));
            Assert.Equal([new("ETag", "\"x\""), new("Size", "7")], body.Objects[1].Conditions);
            Assert.Equal(Document, Encoding.UTF8.GetString(body.Original.Span));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("{}")]
    [InlineData("<Delete/>")]
    [InlineData("<Delete><Quiet>true</Quiet></Delete>")]
    [InlineData("<Delete><Object><Key>a</Key></Object>")]
    [InlineData("<Delete><Object><Key>a</Key></Object></Delete><Delete/>")]
    [InlineData("<Remove><Object><Key>a</Key></Object></Remove>")]
    [InlineData("<Delete><Object/></Delete>")]
    [InlineData("<Delete><Object><Key></Key></Object></Delete>")]
    [InlineData("<Delete><Object><VersionId>v</VersionId></Object></Delete>")]
    [InlineData("<Delete><Object><Key>a</Key><Key>b</Key></Object></Delete>")]
    [InlineData("<Delete xmlns:x='y'><Object><Key>a</Key><x:Key>b</x:Key></Object></Delete>")]
    [InlineData("<Delete><Object><Key>a</Key><VersionId>1</VersionId><VersionId>2</VersionId></Object></Delete>")]
    [InlineData("<Delete><Object><Key>a<!-- c -->b</Key></Object></Delete>")]
    [InlineData("<Delete><Object><Key>a<?p i?>b</Key></Object></Delete>")]
    [InlineData("<Delete><!-- c --><Object><Key>a</Key></Object></Delete>")]
    [InlineData("<Delete>text<Object><Key>a</Key></Object></Delete>")]
    [InlineData("<Delete><Object>text<Key>a</Key></Object></Delete>")]
    [InlineData("<Delete><Object><Key>a<b/></Key></Object></Delete>")]
    [InlineData("<Delete><Object><Key>a</Key><X><Y/></X></Object></Delete>")]
    [InlineData("<Delete><Quiet>maybe</Quiet><Object><Key>a</Key></Object></Delete>")]
    [InlineData("<Delete><Quiet>true</Quiet><Quiet>false</Quiet><Object><Key>a</Key></Object></Delete>")]
    [InlineData("<Delete><Other/><Object><Key>a</Key></Object></Delete>")]
    [InlineData("<Delete><Object><Key>&#xD800;</Key></Object></Delete>")]
    [InlineData("<Delete><Object><Key>a</Key><ETag>&#xDC00;</ETag></Object></Delete>")]
    [InlineData("<!DOCTYPE d [<!ENTITY e 'k'>]><Delete><Object><Key>&e;</Key></Object></Delete>")]
    [InlineData("<?xml version='1.0' encoding='UTF-7'?><Delete><Object><Key>a</Key></Object></Delete>")]
    [InlineData("<?xml version='1.0' encoding='ISO-8859-1'?><Delete><Object><Key>a</Key></Object></Delete>")]
    public async Task Refuses_what_two_parsers_could_read_differently(string document)
    {
        (DeleteObjectsBody? body, S3Error? error) = await ReadAsync(document);
        Assert.Null(body);
        Assert.Equal(S3ErrorCode.MalformedXML, error?.Code);
    }

    [Fact]
    public async Task Refuses_other_encodings()
    {
        const string Document = "<Delete><Object><Key>a</Key></Object></Delete>";
        foreach (byte[] bytes in new[]
        {
            Encoding.Unicode.GetBytes(Document),
            [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(Document)],
            Encoding.BigEndianUnicode.GetBytes(Document),
            Encoding.Latin1.GetBytes(Document.Replace("a</", "\u00e9</", StringComparison.Ordinal)),
        })
        {
            (_, S3Error? error) = await DeleteObjectsBody.ReadAsync(new MemoryStream(bytes), new BodyChecksums(), CancellationToken.None);
            Assert.Equal(S3ErrorCode.MalformedXML, error?.Code);
        }
    }

    [Theory]
    [InlineData(1000, null)]
    [InlineData(1001, (int)S3ErrorCode.MalformedXML)]
    public async Task Bounds_the_number_of_objects(int count, int? code)
    {
        (DeleteObjectsBody? body, S3Error? error) = await ReadAsync(
            "<Delete>" + string.Concat(Enumerable.Range(0, count).Select(index => $"<Object><Key>k{index}</Key></Object>")) + "</Delete>");
        Assert.Equal((S3ErrorCode?)code, error?.Code);
        Assert.Equal(code is null ? count : null, body?.Objects.Count);
        body?.Dispose();
    }

    [Fact]
    public async Task Bounds_the_body_the_depth_and_the_keys()
    {
        (_, S3Error? tooLong) = await ReadAsync("<Delete>" + new string(' ', DeleteObjectsBody.MaxBodyBytes));
        Assert.Equal(S3ErrorCode.MalformedXML, tooLong?.Code);

        (_, S3Error? tooDeep) = await ReadAsync("<Delete><Object>" + string.Concat(Enumerable.Repeat("<a>", 100_000)));
        Assert.Equal(S3ErrorCode.MalformedXML, tooDeep?.Code);

        (_, S3Error? longKey) = await ReadAsync($"<Delete><Object><Key>{new string('日', 342)}</Key></Object></Delete>");
        Assert.Equal(S3ErrorCode.KeyTooLongError, longKey?.Code);

        // Text in very many pieces must not cost the square of their number.
        (_, S3Error? pieces) = await ReadAsync($"<Delete><Object><Key>{string.Concat(Enumerable.Repeat("<![CDATA[a]]>", 150_000))}</Key></Object></Delete>");
        Assert.Equal(S3ErrorCode.KeyTooLongError, pieces?.Code);
    }

    [Fact]
    public async Task Checks_the_claims_before_the_document()
    {
        (_, S3Error? error) = await DeleteObjectsBody.ReadAsync(
            MappedRoutes.Body("<broken"), new BodyChecksums { ContentMd5 = "JfnnlDI7RTiF9RgfG2JNCw==" }, CancellationToken.None);
        Assert.Equal(S3ErrorCode.BadDigest, error?.Code);
    }

    [Fact]
    public void Damaged_bodies_never_throw()
    {
        const string Sound = "<?xml version='1.0' encoding='utf-8'?><Delete xmlns='u'><Object><Key>a&#38;b</Key><ETag>e</ETag></Object><Quiet>true</Quiet></Delete>";
        Prop.ForAll((PositiveInt place, byte value) =>
        {
            byte[] bytes = Encoding.UTF8.GetBytes(Sound);
            bytes[place.Get % bytes.Length] = value;
            using var stream = new MemoryStream(bytes);
            (DeleteObjectsBody? body, S3Error? error) =
                DeleteObjectsBody.ReadAsync(stream, new BodyChecksums(), CancellationToken.None).AsTask().GetAwaiter().GetResult();
            bool exactlyOne = body is null != (error is null);
            body?.Dispose();
            return exactlyOne;
        }).QuickCheckThrowOnFailure();
    }

    private static async Task<(DeleteObjectsBody? Body, S3Error? Error)> ReadAsync(string document) =>
        await DeleteObjectsBody.ReadAsync(MappedRoutes.Body(document), new BodyChecksums(), CancellationToken.None);
}
