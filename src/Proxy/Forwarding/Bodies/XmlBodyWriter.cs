using System.Buffers;
using System.Globalization;
using System.Xml;

namespace S3Proxy.Forwarding.Bodies;

/// <summary>
/// Writes XML into a <see cref="BodyBuffer"/> with no state of its own: a tag is complete when its call returns, so a caller may take
/// the buffer back to any point between calls (how entries that must not be seen are dropped). <see cref="XmlWriter"/>
/// holds back the end of a start tag and so cannot do that.
/// </summary>
internal readonly struct XmlBodyWriter(BodyBuffer buffer)
{
    private static readonly SearchValues<char> TextSpecials = SearchValues.Create(
        ['&', '<', '>', '\ufffe', '\uffff', .. Enumerable.Range(0, ' ').Select(code => (char)code).Except(['\t', '\n'])]);

    public BodyBuffer Buffer => buffer;

    public void Declaration() => buffer.Append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"u8);

    /// <summary>A start tag with the name and attributes (so also namespaces) of the element <paramref name="source"/> stands on.</summary>
    public void StartTag(XmlReader source)
    {
        buffer.Append("<"u8);
        buffer.AppendUtf8(source.Name);
        if (source.MoveToFirstAttribute())
        {
            do
            {
                buffer.Append(" "u8);
                buffer.AppendUtf8(source.Name);
                buffer.Append("=\""u8);
                Escape(source.Value, inAttribute: true);
                buffer.Append("\""u8);
            }
            while (source.MoveToNextAttribute());

            source.MoveToElement();
        }

        buffer.Append(">"u8);
    }

    public void StartTag(string name, string xmlNamespace = "")
    {
        buffer.Append("<"u8);
        buffer.AppendUtf8(name);
        if (xmlNamespace.Length > 0)
        {
            buffer.Append(" xmlns=\""u8);
            Escape(xmlNamespace, inAttribute: true);
            buffer.Append("\""u8);
        }

        buffer.Append(">"u8);
    }

    public void EndTag(string name)
    {
        buffer.Append("</"u8);
        buffer.AppendUtf8(name);
        buffer.Append(">"u8);
    }

    public void Text(ReadOnlySpan<char> text) => Escape(text, inAttribute: false);

    public void Element(string name, string text)
    {
        StartTag(name);
        Text(text);
        EndTag(name);
    }

    private void Escape(ReadOnlySpan<char> text, bool inAttribute)
    {
        while (!text.IsEmpty)
        {
            int special = inAttribute ? IndexOfAttributeSpecial(text) : text.IndexOfAny(TextSpecials);
            buffer.AppendUtf8(special < 0 ? text : text[..special]);
            if (special < 0)
            {
                return;
            }

            switch (text[special])
            {
                case '&':
                    buffer.Append("&amp;"u8);
                    break;
                case '<':
                    buffer.Append("&lt;"u8);
                    break;
                case '>':
                    buffer.Append("&gt;"u8);
                    break;
                case '"':
                    buffer.Append("&quot;"u8);
                    break;
                default:
                    // A carriage return written as itself would come back as a line feed (XML 1.0, 2.11).
                    buffer.AppendUtf8(string.Create(CultureInfo.InvariantCulture, $"&#x{(int)text[special]:X};"));
                    break;
            }

            text = text[(special + 1)..];
        }
    }

    private static int IndexOfAttributeSpecial(ReadOnlySpan<char> text)
    {
        int special = text.IndexOfAny(TextSpecials);
        int blank = text.IndexOfAny('"', '\t', '\n');
        return special < 0 ? blank : blank < 0 ? special : Math.Min(special, blank);
    }
}
