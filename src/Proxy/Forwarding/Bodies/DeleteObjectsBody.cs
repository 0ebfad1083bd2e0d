using System.Xml;
using S3Proxy.Protocol;

namespace S3Proxy.Forwarding.Bodies;

/// <summary>
/// The body of DeleteObjects (Amazon S3 API Reference, "DeleteObjects"), read whole within bounds. The proxy authorises and
/// invalidates by what is parsed here while the origin acts on what is sent there, so anything two parsers could read differently
/// (a repeated element, a comment inside a key, another encoding) is refused. Owns its buffer; immutable until disposed.
/// </summary>
internal sealed class DeleteObjectsBody : IDisposable
{
    /// <summary>S3's own bound on objects in one request.</summary>
    public const int MaxObjects = 1000;

    /// <summary>Bound on the body in bytes; 1,000 of the longest keys with version ids need about 1.3 MiB.</summary>
    public const int MaxBodyBytes = 2 * 1024 * 1024;

    private readonly BodyBuffer _original;

    private DeleteObjectsBody(BodyBuffer original, Document document)
    {
        _original = original;
        Objects = document.Objects;
        Quiet = document.Quiet;
        XmlNamespace = document.XmlNamespace;
    }

    /// <summary>1 to <see cref="MaxObjects"/> entries in the order sent; one key may be named more than once.</summary>
    public IReadOnlyList<DeleteObjectsEntry> Objects { get; }

    /// <summary>Only failures are wanted in the answer.</summary>
    public bool Quiet { get; }

    /// <summary>Namespace of the client's document; empty for none.</summary>
    public string XmlNamespace { get; }

    /// <summary>The client's bytes, to be forwarded unchanged where nothing is mapped.</summary>
    public ReadOnlyMemory<byte> Original => _original.Memory;

    /// <summary>
    /// Reads and checks the decoded body (after aws-chunked). Exactly one of the two results is set: MalformedXML or KeyTooLongError
    /// for the document, InvalidRequest or BadDigest for <paramref name="checksums"/>. Failures of <paramref name="body"/> itself pass through.
    /// </summary>
    public static async ValueTask<(DeleteObjectsBody? Body, S3Error? Error)> ReadAsync(
        Stream body, BodyChecksums checksums, CancellationToken cancellationToken)
    {
        var buffer = new BodyBuffer(MaxBodyBytes);
        bool handedOver = false;
        try
        {
            while (await buffer.ReadOnceAsync(body, cancellationToken))
            {
            }

            S3Error? error = buffer.Overflowed
                ? Malformed($"it is longer than {MaxBodyBytes} bytes")
                : checksums.Verify(buffer.Span);
            if (error is not null || !TryParse(buffer, out Document document, out error))
            {
                return (null, error);
            }

            handedOver = true;
            return (new DeleteObjectsBody(buffer, document), null);
        }
        finally
        {
            if (!handedOver)
            {
                buffer.Dispose();
            }
        }
    }

    public void Dispose() => _original.Dispose();

    private static bool TryParse(BodyBuffer buffer, out Document document, out S3Error? error)
    {
        document = default;
        try
        {
            using XmlReader reader = S3XmlReader.Create(buffer);
            error = Parse(reader, out document);
        }
        catch (XmlException fault)
        {
            error = Malformed($"line {fault.LineNumber}: {fault.Message}");
        }

        return error is null;
    }

    private static S3Error? Parse(XmlReader reader, out Document document)
    {
        document = default;
        var objects = new List<DeleteObjectsEntry>();
        bool? quiet = null;
        string? xmlNamespace = null;
        while (ReadContent(reader))
        {
            if (reader.NodeType == XmlNodeType.EndElement)
            {
                continue;
            }

            if (xmlNamespace is null)
            {
                if (reader.LocalName != "Delete")
                {
                    return Malformed("its root is not Delete");
                }

                xmlNamespace = reader.NamespaceURI;
                if (!IsUnicode(xmlNamespace))
                {
                    return Malformed("its namespace is not Unicode text");
                }

                continue;
            }

            switch (reader.LocalName)
            {
                case "Object" when objects.Count == MaxObjects:
                    return Malformed($"it names more than {MaxObjects} objects");
                case "Object":
                    if (ParseObject(reader, out DeleteObjectsEntry? entry) is { } refused)
                    {
                        return refused;
                    }

                    objects.Add(entry!);
                    break;
                case "Quiet" when quiet is null:
                    string word = S3XmlReader.ReadLeafText(reader, strict: true).Trim();
                    if (!TryParseBoolean(word, out bool isQuiet))
                    {
                        return Malformed("Quiet is neither true nor false");
                    }

                    quiet = isQuiet;
                    break;
                default:
                    return Malformed($"it holds an unknown or repeated element {reader.LocalName}");
            }
        }

        document = new Document(objects, quiet ?? false, xmlNamespace ?? "");
        return objects.Count == 0 ? Malformed("it names no object") : null;
    }

    private static S3Error? ParseObject(XmlReader reader, out DeleteObjectsEntry? entry)
    {
        entry = null;
        string? key = null;
        string? versionId = null;
        var conditions = new List<KeyValuePair<string, string>>();
        bool more = !reader.IsEmptyElement;
        while (more && ReadContent(reader) && reader.NodeType != XmlNodeType.EndElement)
        {
            string name = reader.LocalName;
            string text = S3XmlReader.ReadLeafText(reader, strict: true);
            if (!IsUnicode(text))
            {
                return Malformed($"a {name} is not Unicode text");
            }

            switch (name)
            {
                case "Key" when key is null:
                    key = text;
                    break;
                case "VersionId" when versionId is null:
                    versionId = text;
                    break;
                case "Key" or "VersionId":
                    return Malformed($"an Object has more than one {name}");
                default:
                    conditions.Add(new(name, text));
                    break;
            }
        }

        if (string.IsNullOrEmpty(key))
        {
            return Malformed("an Object has no Key");
        }

        if (!ObjectKey.TryParse(key, out ObjectKey parsed))
        {
            return new S3Error(S3ErrorCode.KeyTooLongError, $"A key of the request is longer than {ObjectKey.MaxBytes} bytes of UTF-8.");
        }

        // An empty VersionId means the current version to every server.
        entry = new DeleteObjectsEntry(parsed, string.IsNullOrEmpty(versionId) ? null : versionId, conditions);
        return null;
    }

    /// <summary>The next element or end tag; only white space may stand between them.</summary>
    private static bool ReadContent(XmlReader reader)
    {
        while (S3XmlReader.ReadNode(reader))
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element or XmlNodeType.EndElement:
                    return true;
                case XmlNodeType.XmlDeclaration or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace:
                    break;
                default:
                    throw new XmlException($"{reader.NodeType} is not allowed there.");
            }
        }

        return false;
    }

    private static bool TryParseBoolean(string word, out bool value)
    {
        value = word.Equals("true", StringComparison.OrdinalIgnoreCase) || word == "1";
        return value || word.Equals("false", StringComparison.OrdinalIgnoreCase) || word is "0" or "";
    }

    /// <summary>False for lone surrogates, which character references can spell but UTF-8 cannot carry on.</summary>
    private static bool IsUnicode(string text)
    {
        for (int index = 0; index < text.Length; index++)
        {
            if (char.IsSurrogate(text[index]) && !(index + 1 < text.Length && char.IsSurrogatePair(text[index], text[++index])))
            {
                return false;
            }
        }

        return true;
    }

    private static S3Error Malformed(string reason) =>
        new(S3ErrorCode.MalformedXML, $"The DeleteObjects body is not well-formed or does not follow the published schema: {reason}.");

    private readonly record struct Document(IReadOnlyList<DeleteObjectsEntry> Objects, bool Quiet, string XmlNamespace);
}
