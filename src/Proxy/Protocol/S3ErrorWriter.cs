using System.Buffers;
using System.Text;

namespace S3Proxy.Protocol;

/// <summary>Writes S3 errors: status, request id and the XML body (S3 API Reference, "REST error responses"). HEAD gets no body.</summary>
internal static class S3ErrorWriter
{
    private const string ContentType = "application/xml";
    private const string AllowedMethods = "GET, HEAD, PUT, POST, DELETE";

    /// <summary>
    /// Answers <paramref name="context"/> with <paramref name="error"/>. The connection stays open. Headers that were set before are kept,
    /// and an <c>x-amz-request-id</c> among them is the one that is used. Where the response has already begun the connection is aborted,
    /// so that nobody takes the part that was sent for the whole.
    /// </summary>
    /// <param name="context">The request to answer.</param>
    /// <param name="error">What went wrong.</param>
    /// <param name="resource">Path of what the request was about, percent-encoded.</param>
    public static async Task WriteAsync(HttpContext context, S3Error error, string resource)
    {
        HttpResponse response = context.Response;
        if (response.HasStarted)
        {
            context.Abort();
            return;
        }

        string requestId = response.Headers[S3Headers.RequestId].ToString();
        if (requestId.Length == 0)
        {
            requestId = RequestIds.Next();
            response.Headers[S3Headers.RequestId] = requestId;
        }

        response.StatusCode = S3ErrorStatus.StatusOf(error.Code);
        response.ContentType = ContentType;
        response.ContentLength = null;
        if (error.Code == S3ErrorCode.MethodNotAllowed)
        {
            response.Headers.Allow = AllowedMethods;
        }

        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        var body = new ArrayBufferWriter<byte>(512);
        WriteBody(body, error, resource, requestId);
        response.ContentLength = body.WrittenCount;

        // Small enough never to wait for the client, so a client that has left is not made an exception of.
        await response.Body.WriteAsync(body.WrittenMemory, CancellationToken.None);
    }

    /// <summary>Writes the XML document alone.</summary>
    public static void WriteBody(IBufferWriter<byte> destination, S3Error error, string resource, string requestId)
    {
        destination.Write("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error>"u8);
        WriteElement(destination, "Code", error.Code.ToString());
        WriteElement(destination, "Message", error.Message);
        WriteElement(destination, "Resource", resource);
        WriteElement(destination, "RequestId", requestId);
        foreach ((string name, string value) in error.Details)
        {
            WriteElement(destination, name, value);
        }

        destination.Write("</Error>"u8);
    }

    private static void WriteElement(IBufferWriter<byte> destination, string name, string value)
    {
        destination.Write("<"u8);
        Encoding.UTF8.GetBytes(name, destination);
        destination.Write(">"u8);
        foreach (Rune rune in value.EnumerateRunes())
        {
            WriteEscaped(destination, rune);
        }

        destination.Write("</"u8);
        Encoding.UTF8.GetBytes(name, destination);
        destination.Write(">"u8);
    }

    private static void WriteEscaped(IBufferWriter<byte> destination, Rune rune)
    {
        switch (rune.Value)
        {
            case '&':
                destination.Write("&amp;"u8);
                break;
            case '<':
                destination.Write("&lt;"u8);
                break;
            case '>':
                destination.Write("&gt;"u8);
                break;
            default:
                Span<byte> utf8 = stackalloc byte[4];
                destination.Write(utf8[..(IsXmlCharacter(rune.Value) ? rune : Rune.ReplacementChar).EncodeToUtf8(utf8)]);
                break;
        }
    }

    // XML 1.0 section 2.2: these may not appear even as references.
    private static bool IsXmlCharacter(int value) => value is '\t' or '\n' or '\r' or >= ' ' and not (0xFFFE or 0xFFFF);
}
