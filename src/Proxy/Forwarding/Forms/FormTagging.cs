using System.Text;
using System.Xml;
using S3Proxy.Forwarding.Bodies;
using S3Proxy.Protocol;

namespace S3Proxy.Forwarding.Forms;

/// <summary>The field <c>tagging</c>, a document, as the header that PutObject has for it (S3 API Reference, "PutObjectTagging", "PutObject").</summary>
internal static class FormTagging
{
    private static readonly S3Error Malformed = new(
        S3ErrorCode.MalformedXML, "The form field tagging must be a Tagging document: <Tagging><TagSet><Tag><Key>...</Key><Value>...</Value></Tag></TagSet></Tagging>.");

    /// <summary>The error, or the tags as <c>key=value&amp;key=value</c>, encoded; empty for none. How many there may be is for the origin to judge.</summary>
    public static S3Error? TryConvert(string document, out string? tags)
    {
        tags = null;
        using BodyBuffer buffer = new(FormFieldReader.MaxBytes);
        buffer.AppendUtf8(document);
        try
        {
            using XmlReader reader = S3XmlReader.Create(buffer);
            tags = buffer.IsIntact ? Read(reader) : null;
        }
        catch (XmlException)
        {
            return Malformed;
        }

        return tags is null ? Malformed : null;
    }

    private static string? Read(XmlReader reader)
    {
        StringBuilder tags = new();
        string? key = null;
        string? value = null;
        while (S3XmlReader.ReadNode(reader))
        {
            switch (reader.NodeType, reader.LocalName)
            {
                case (XmlNodeType.Element, "Tagging") when reader.Depth == 0:
                case (XmlNodeType.Element, "TagSet") when reader.Depth == 1:
                case (XmlNodeType.Element, "Tag") when reader.Depth == 2 && !reader.IsEmptyElement:
                case (XmlNodeType.EndElement, "Tagging" or "TagSet"):
                case (XmlNodeType.XmlDeclaration or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace, _):
                    break;
                case (XmlNodeType.Element, "Key") when reader.Depth == 3 && key is null:
                    key = S3XmlReader.ReadLeafText(reader, strict: true);
                    break;
                case (XmlNodeType.Element, "Value") when reader.Depth == 3 && value is null:
                    value = S3XmlReader.ReadLeafText(reader, strict: true);
                    break;
                case (XmlNodeType.EndElement, "Tag") when !string.IsNullOrEmpty(key) && value is not null:
                    tags.Append(tags.Length == 0 ? "" : "&").Append(S3Uri.EncodeQueryValue(key)).Append('=').Append(S3Uri.EncodeQueryValue(value));
                    key = null;
                    value = null;
                    break;
                default:
                    return null;
            }
        }

        return tags.ToString();
    }
}
