using S3Proxy.Forwarding.Bodies;

namespace S3Proxy.Forwarding.Mapping;

/// <summary>
/// Passes on the white space with which a server keeps the connection alive before its document, and takes it out of the buffer, so that
/// hours of it need no memory. The client gets an XML declaration first, because nothing may come before one. Not thread-safe.
/// </summary>
internal sealed class KeepAliveRelay(Stream? client)
{
    private static readonly ReadOnlyMemory<byte> Declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"u8.ToArray();
    private static readonly ReadOnlyMemory<byte> Blank = " "u8.ToArray();

    private bool _sawLineEnd;

    /// <summary>The client got bytes of a body with status 200.</summary>
    public bool HasSent { get; private set; }

    /// <summary>Looks at what was read so far; does nothing once the document has begun.</summary>
    public async ValueTask RelayAsync(BodyBuffer read, CancellationToken cancellationToken)
    {
        int prolog = PrologBytes(read.Span);
        int blanks = read.Length - prolog;
        if (prolog < 0 || blanks == 0)
        {
            return;
        }

        read.Truncate(prolog);
        if (prolog > 0 && !_sawLineEnd)
        {
            // The first white space after a declaration is its line end and no sign of a wait: a status can still be chosen.
            _sawLineEnd = true;
            blanks--;
        }

        if (client is null || blanks == 0)
        {
            return;
        }

        if (!HasSent)
        {
            HasSent = true;
            await client.WriteAsync(Declaration, cancellationToken);
        }

        // One blank a read is what keeps a connection alive; how many the origin sent means nothing.
        await client.WriteAsync(Blank, cancellationToken);
        await client.FlushAsync(cancellationToken);
    }

    /// <summary>
    /// Where the trailing white space begins if there is nothing before it but an XML declaration; -1 when the document has begun.
    /// </summary>
    private static int PrologBytes(ReadOnlySpan<byte> bytes)
    {
        int start = S3XmlReader.BlankPrefixBytes(bytes);
        if (start == bytes.Length)
        {
            return 0;
        }

        ReadOnlySpan<byte> rest = bytes[start..];
        int end = rest.StartsWith("<?xml"u8) ? rest.IndexOf("?>"u8) : -1;
        if (end < 0)
        {
            return -1;
        }

        int prolog = start + end + 2;
        return bytes[prolog..].IndexOfAnyExcept(" \t\r\n"u8) < 0 ? prolog : -1;
    }
}
