using System.Buffers.Text;
using System.Globalization;
using System.Xml;
using S3Proxy.Forwarding.Bodies;
using S3Proxy.Protocol;

namespace S3Proxy.Forwarding.Mapping;

/// <summary>
/// Writes one response document anew under the client's names. Elements, attributes, namespaces and white space are kept; comments and
/// processing instructions are not. An entry that must not be seen is taken back out of the output when that is known. One use, one thread.
/// </summary>
internal sealed class ResponseXmlRewriter(XmlReader reader, XmlBodyWriter writer, XmlMappingContext context, bool keysAreEncoded)
{
    private readonly KeyMapping _mapping = new(context.Route);
    private (int Offset, int Length, int Value)? _keyCount;
    private bool _entryIsOutside;

    public int DroppedEntries { get; private set; }

    public bool IsError { get; private set; }

    /// <summary>False when the root element does not belong to the operation.</summary>
    /// <exception cref="XmlException">Malformed, or nested too deep.</exception>
    public bool TryWrite()
    {
        while (S3XmlReader.ReadNode(reader))
        {
            if (reader.NodeType != XmlNodeType.Element)
            {
                continue;
            }

            if (XmlDocumentRules.Find(context.Request.Operation, reader.LocalName) is not { } rule)
            {
                return false;
            }

            IsError = reader.LocalName == "Error";
            WriteElement(rule);
        }

        CorrectKeyCount();
        return true;
    }

    /// <summary>The reader stands on an element and ends on its end tag. Depth is bounded by <see cref="S3XmlReader.MaxDepth"/>.</summary>
    private void WriteElement(XmlRule rule)
    {
        string name = reader.Name;
        int mark = writer.Buffer.Length;
        writer.StartTag(reader);
        switch (rule.Action)
        {
            case XmlAction.Copy:
                WriteContent(rule);
                break;
            case XmlAction.Drop:
                WriteContent(rule);
                writer.Buffer.Truncate(mark);
                return;
            case XmlAction.Entry:
                _entryIsOutside = false;
                WriteContent(rule);
                if (_entryIsOutside)
                {
                    writer.Buffer.Truncate(mark);
                    DroppedEntries++;
                    return;
                }

                break;
            default:
                if (MapLeaf(rule, S3XmlReader.ReadLeafText(reader, strict: false)) is not { } text)
                {
                    writer.Buffer.Truncate(mark);
                    return;
                }

                writer.Text(text);
                break;
        }

        writer.EndTag(name);
    }

    private void WriteContent(XmlRule rule)
    {
        if (reader.IsEmptyElement)
        {
            return;
        }

        while (S3XmlReader.ReadNode(reader) && reader.NodeType != XmlNodeType.EndElement)
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    WriteElement(rule.Child(reader.LocalName));
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace:
                    writer.Text(reader.Value);
                    break;
            }
        }
    }

    /// <summary>The text for the client; null leaves the element out.</summary>
    private string? MapLeaf(XmlRule rule, string text) => rule.Action switch
    {
        XmlAction.EntryKey => MapEntryKey(text),
        XmlAction.NextKey => text.Length == 0 ? text : MapListedKey(text),
        XmlAction.NextToken => text.Length == 0 ? text : ContinuationToken.ToClient(text, _mapping),
        XmlAction.KeyCount => RememberKeyCount(text),
        XmlAction.Bucket => _mapping.ClientBucket,
        XmlAction.RequestKey => context.Request.Key?.Value,
        XmlAction.Echo => EncodeLikeKeys(context.Request.Query.Find(rule.Argument) ?? ""),
        XmlAction.EchoIfSent => context.Request.Query.Find(rule.Argument) is { } value ? EncodeLikeKeys(value) : null,
        XmlAction.EchoTokenIfSent => context.Request.Query.Find(rule.Argument),
        XmlAction.Location => context.ClientEndpoint + context.Request.RawPath,
        XmlAction.Resource => context.Request.Resource,
        XmlAction.ErrorBucket => MapErrorBucket(text),
        XmlAction.ErrorKey => MapErrorKey(text),
        XmlAction.FreeText => ScrubText(text),
        _ => throw new InvalidOperationException($"{rule.Action} is not an action on text."),
    };

    private string? MapEntryKey(string text)
    {
        string? mapped = MapListedKey(text);
        _entryIsOutside |= mapped is null;
        return mapped;
    }

    private string? MapListedKey(string text)
    {
        // Ceph 16 leaves NextMarker as it is in documents whose keys are encoded; what no encoder leaves shows where that is so.
        bool isEncoded = keysAreEncoded && !text.AsSpan().ContainsAnyExceptInRange('!', '~');
        if (!isEncoded)
        {
            return _mapping.TryToClient(text, out string? key) ? EncodeLikeKeys(key) : null;
        }

        return _mapping.TryToClient(S3Uri.DecodeListed(text), out ReadOnlySpan<byte> bytes) ? S3Uri.EncodePath(bytes) : null;
    }

    private string EncodeLikeKeys(string text) => keysAreEncoded ? S3Uri.EncodePath(text) : text;

    private string? MapErrorBucket(string text)
    {
        if (text == _mapping.OriginBucket)
        {
            return _mapping.ClientBucket;
        }

        return context.CopySource is { } copy && text == copy.SourceRoute.OriginBucket ? copy.Source.Bucket.Value : null;
    }

    private string? MapErrorKey(string text)
    {
        if (context.Request.Key is { } key && text == _mapping.ToOrigin(key))
        {
            return key.Value;
        }

        if (context.CopySource is { } copy && text == copy.SourceRoute.OriginKey(copy.Source.Key))
        {
            return copy.Source.Key.Value;
        }

        return _mapping.TryToClient(text, out string? other) ? other : null;
    }

    private string ScrubText(string text)
    {
        string scrubbed = OriginNameScrubber.Scrub(text, _mapping);
        return context.CopySource is { } copy ? OriginNameScrubber.Scrub(scrubbed, new KeyMapping(copy.SourceRoute)) : scrubbed;
    }

    private string RememberKeyCount(string text)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value))
        {
            _keyCount = (writer.Buffer.Length, text.Length, value);
        }

        return text;
    }

    /// <summary>The count may stand before the entries it counts, so it is put right at the end.</summary>
    private void CorrectKeyCount()
    {
        if (DroppedEntries > 0 && _keyCount is { } count && writer.Buffer.IsIntact)
        {
            Span<byte> digits = stackalloc byte[16];
            Utf8Formatter.TryFormat(Math.Max(0, count.Value - DroppedEntries), digits, out int length);
            writer.Buffer.Replace(count.Offset, count.Length, digits[..length]);
        }
    }
}
