using System.Text;
using System.Xml;
using FsCheck;
using FsCheck.Fluent;
using S3Proxy.Forwarding.Bodies;

namespace S3Proxy.Tests.Forwarding.Bodies;

public class XmlBodyWriterTests
{
    [Fact]
    public void Text_and_namespaces_read_back_as_they_were_written()
    {
        Prop.ForAll((NonNull<string> text) =>
        {
            string valid = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.Get)).Replace("\0", "", StringComparison.Ordinal);
            using var buffer = new BodyBuffer(1 << 20);
            var writer = new XmlBodyWriter(buffer);
            writer.Declaration();
            writer.StartTag("a", "urn:" + valid);
            writer.Element("b", valid);
            writer.EndTag("a");

            using XmlReader reader = S3XmlReader.Create(buffer);
            reader.ReadToFollowing("b", "urn:" + valid);
            return S3XmlReader.ReadLeafText(reader, strict: true) == valid;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Start_tags_are_copied_with_prefixes_and_attributes()
    {
        const string Document = "<x:a xmlns:x=\"u&amp;v\" xmlns=\"w\" x:t=\"&quot;1&#xA;&lt;&quot;\"></x:a>";
        using var source = XmlReader.Create(new StringReader(Document));
        using var buffer = new BodyBuffer(1000);
        var writer = new XmlBodyWriter(buffer);
        source.MoveToContent();
        writer.StartTag(source);
        writer.EndTag(source.Name);
        Assert.Equal(Document, Encoding.UTF8.GetString(buffer.Span));
    }
}
