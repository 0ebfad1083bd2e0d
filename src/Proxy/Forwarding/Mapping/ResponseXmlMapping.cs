using System.Xml;
using S3Proxy.Forwarding.Bodies;
using S3Proxy.Protocol;

namespace S3Proxy.Forwarding.Mapping;

/// <summary>
/// Maps response documents of renamed buckets to the client's names. A document is read whole, within a bound, before anything of
/// it is sent: S3 lists at most 1,000 keys a page, and only so can a broken document become a proper error instead of a torn answer.
/// Keep-alive white space, the one thing that must not wait, is passed on as it comes.
/// </summary>
internal static class ResponseXmlMapping
{
    /// <summary>Bound on a document from the origin, in bytes. 1,000 keys of 1,024 bytes, percent-encoded, need about 4 MiB.</summary>
    public const int MaxBodyBytes = 8 * 1024 * 1024;

    /// <summary>Bound on the mapped document: escapes and a longer bucket name may make it longer than what it was made from.</summary>
    private const int MaxMappedBytes = 16 * 1024 * 1024;

    /// <summary>True when the body of such an answer, if it has one, must go through <see cref="MapAsync"/> on a renamed bucket.</summary>
    public static bool AppliesTo(S3Operation operation, int statusCode) =>
        statusCode is >= 300 and not 304 || XmlDocumentRules.HasResult(operation);

    /// <summary>
    /// Reads the document from <paramref name="origin"/> to its end and maps it. Failures of the streams and cancellation pass through; what is
    /// wrong with the document is in the result.
    /// </summary>
    /// <param name="origin">The body, decoded (no content encoding).</param>
    /// <param name="context">What to map with.</param>
    /// <param name="keepAlive">
    /// Where white space goes that the origin sends before its document while it works (CompleteMultipartUpload, copies); an XML declaration goes
    /// before it. Null, or nothing of the kind sent: nothing is written before the result is there, so any status is still possible.
    /// </param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async ValueTask<XmlMappingResult> MapAsync(
        Stream origin, XmlMappingContext context, Stream? keepAlive, CancellationToken cancellationToken)
    {
        using var input = new BodyBuffer(MaxBodyBytes);
        var relay = new KeepAliveRelay(keepAlive);
        while (await input.ReadOnceAsync(origin, cancellationToken))
        {
            await relay.RelayAsync(input, cancellationToken);
        }

        if (input.Overflowed)
        {
            return Failed(XmlMappingFailure.TooLarge, $"the document is longer than {MaxBodyBytes} bytes", relay);
        }

        return S3XmlReader.BlankPrefixBytes(input.Span) == input.Length
            ? Failed(XmlMappingFailure.Empty, "there is no document", relay)
            : Map(input, context, relay);
    }

    private static XmlMappingResult Map(BodyBuffer input, XmlMappingContext context, KeepAliveRelay relay)
    {
        var output = new BodyBuffer(MaxMappedBytes);
        XmlMappingResult? result = null;
        try
        {
            bool keysAreEncoded = KeysAreEncoded(input);
            using XmlReader reader = S3XmlReader.Create(input);
            var writer = new XmlBodyWriter(output);
            if (!relay.HasSent)
            {
                writer.Declaration();
            }

            var rewriter = new ResponseXmlRewriter(reader, writer, context, keysAreEncoded);
            if (!rewriter.TryWrite())
            {
                return Failed(
                    XmlMappingFailure.Unexpected, $"the root element {reader.LocalName} does not answer {context.Request.Operation}", relay);
            }

            if (!output.IsIntact)
            {
                return output.Overflowed
                    ? Failed(XmlMappingFailure.TooLarge, $"the mapped document is longer than {MaxMappedBytes} bytes", relay)
                    : Failed(XmlMappingFailure.Malformed, "the document holds a lone surrogate", relay);
            }

            result = new XmlMappingResult(output)
            {
                IsError = rewriter.IsError,
                DroppedEntries = rewriter.DroppedEntries,
                KeepAliveSent = relay.HasSent,
            };
            return result;
        }
        catch (XmlException fault)
        {
            return Failed(XmlMappingFailure.Malformed, $"line {fault.LineNumber}, position {fault.LinePosition}: {fault.Message}", relay);
        }
        finally
        {
            if (result is null)
            {
                output.Dispose();
            }
        }
    }

    /// <summary>
    /// True when the document says <c>EncodingType</c> url. Found in a pass of its own: some servers (MinIO) say it after the keys, and whether
    /// the client asked for it does not tell whether the server did it.
    /// </summary>
    private static bool KeysAreEncoded(BodyBuffer input)
    {
        if (input.Span.IndexOf("EncodingType"u8) < 0)
        {
            return false;
        }

        using XmlReader reader = S3XmlReader.Create(input);
        while (S3XmlReader.ReadNode(reader))
        {
            if (reader is { NodeType: XmlNodeType.Element, Depth: 1, LocalName: "EncodingType" })
            {
                return S3XmlReader.ReadLeafText(reader, strict: false).Trim().Equals("url", StringComparison.OrdinalIgnoreCase);
            }
        }

        return false;
    }

    private static XmlMappingResult Failed(XmlMappingFailure failure, string detail, KeepAliveRelay relay) =>
        new(body: null) { Failure = failure, Detail = detail, KeepAliveSent = relay.HasSent };
}
