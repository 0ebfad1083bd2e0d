using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace S3Proxy.Testing.Origin.Protocol;

/// <summary>Writing and reading of S3's XML documents.</summary>
internal static class S3Xml
{
    /// <summary>Of every result document; error documents have none.</summary>
    public static readonly XNamespace Namespace = "http://s3.amazonaws.com/doc/2006-03-01/";

    private const int MaxDocumentCharacters = 4 << 20;

    /// <summary>UTF-8 with a declaration. Characters that XML 1.0 forbids are written as references, as S3 does for odd keys.</summary>
    public static byte[] Serialize(XElement root)
    {
        using MemoryStream buffer = new();
        XmlWriterSettings settings = new() { Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), CheckCharacters = false };
        using (XmlWriter writer = XmlWriter.Create(buffer, settings))
        {
            root.WriteTo(writer);
        }

        return buffer.ToArray();
    }

    /// <summary>Reads a document without DTD and of bounded size. False when it is not well-formed.</summary>
    public static bool TryParse(byte[] document, [NotNullWhen(true)] out XElement? root)
    {
        root = null;
        try
        {
            XmlReaderSettings settings = new()
            {
                DtdProcessing = DtdProcessing.Prohibit,
                XmlResolver = null,
                MaxCharactersInDocument = MaxDocumentCharacters,
                CheckCharacters = false,
            };
            using XmlReader reader = XmlReader.Create(new MemoryStream(document), settings);
            root = XElement.Load(reader, LoadOptions.PreserveWhitespace);
            return true;
        }
        catch (XmlException)
        {
            return false;
        }
    }

    /// <summary>Child elements by local name: clients send them with and without the namespace.</summary>
    public static IEnumerable<XElement> Children(this XElement parent, string localName) =>
        parent.Elements().Where(child => child.Name.LocalName == localName);

    /// <summary>The text of the first child of that name; null when there is none.</summary>
    public static string? ChildText(this XElement parent, string localName) => parent.Children(localName).FirstOrDefault()?.Value;

    public static XElement Element(string name, params object?[] content) => new(Namespace + name, content);

    /// <summary>ISO 8601 with milliseconds.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
