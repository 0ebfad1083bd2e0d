using System.Text;
using System.Text.Unicode;
using System.Xml;

namespace S3Proxy.Forwarding.Bodies;

/// <summary>
/// Reads S3 documents, ours and strangers': UTF-8 only, no document type, bounded depth. Malformed input ends in
/// <see cref="XmlException"/>, which callers turn into their typed failure.
/// </summary>
internal static class S3XmlReader
{
    /// <summary>S3's own documents nest five deep (lists with grantees); more is an attack on the reader.</summary>
    public const int MaxDepth = 32;

    private static readonly byte[] ByteOrderMark = [0xEF, 0xBB, 0xBF];

    /// <summary>
    /// A reader over the bytes of <paramref name="body"/>, which must outlive it. Blanks before the document are skipped: keep-alive
    /// bytes may come before an XML declaration, which by itself would be malformed.
    /// </summary>
    /// <exception cref="XmlException">The bytes are not UTF-8.</exception>
    public static XmlReader Create(BodyBuffer body)
    {
        int start = BlankPrefixBytes(body.Span);

        // Other encodings are refused and not decoded: an origin might read such a document differently from us. A zero byte, which no
        // XML holds, tells UTF-16 and UTF-32 of plain letters, which would pass for UTF-8.
        if (!Utf8.IsValid(body.Span) || body.Span.Contains((byte)0))
        {
            throw new XmlException("The document is not UTF-8.");
        }

        return XmlReader.Create(body.OpenRead(start), new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            MaxCharactersInDocument = body.Length + 1L,
            MaxCharactersFromEntities = 1024,
            CloseInput = true,

            // S3 writes control characters of keys as references such as &#x1;, which XML 1.0 forbids and every SDK accepts.
            CheckCharacters = false,
        });
    }

    /// <summary>
    /// <see cref="XmlReader.Read"/> with the bounds on depth and encoding checked.
    /// </summary>
    /// <exception cref="XmlException">Malformed, too deep, or declared in another encoding.</exception>
    public static bool ReadNode(XmlReader reader)
    {
        if (!reader.Read())
        {
            return false;
        }

        if (reader.Depth > MaxDepth)
        {
            throw new XmlException($"The document nests deeper than {MaxDepth} elements.");
        }

        if (reader.NodeType == XmlNodeType.XmlDeclaration
            && reader.GetAttribute("encoding") is { } encoding
            && !encoding.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
            && !encoding.Equals("us-ascii", StringComparison.OrdinalIgnoreCase))
        {
            throw new XmlException("The document declares an encoding other than UTF-8.");
        }

        return true;
    }

    /// <summary>Length of a byte order mark and the white space at the start of <paramref name="bytes"/>.</summary>
    public static int BlankPrefixBytes(ReadOnlySpan<byte> bytes)
    {
        int start = bytes.StartsWith(ByteOrderMark) ? ByteOrderMark.Length : 0;
        int text = bytes[start..].IndexOfAnyExcept(" \t\r\n"u8);
        return text < 0 ? bytes.Length : start + text;
    }

    /// <summary>
    /// The text of the leaf element the reader stands on; the reader ends on its end tag (or stays on an empty element).
    /// </summary>
    /// <exception cref="XmlException">The element holds elements, or <paramref name="strict"/> and a comment or processing instruction.</exception>
    public static string ReadLeafText(XmlReader reader, bool strict)
    {
        if (reader.IsEmptyElement)
        {
            return "";
        }

        string first = "";
        StringBuilder? joined = null;
        while (ReadNode(reader))
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.EndElement:
                    return joined?.ToString() ?? first;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace:
                    if (first.Length == 0)
                    {
                        first = reader.Value;
                    }
                    else
                    {
                        joined ??= new StringBuilder(first);
                        joined.Append(reader.Value);
                    }

                    break;
                case XmlNodeType.Comment or XmlNodeType.ProcessingInstruction when !strict:
                    break;
                default:
                    throw new XmlException("An element that must hold only text holds something else.");
            }
        }

        throw new XmlException("The document ends inside an element.");
    }
}
