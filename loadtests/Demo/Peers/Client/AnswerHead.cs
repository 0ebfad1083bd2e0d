using System.Buffers.Text;

namespace S3Proxy.Demo.Peers.Client;

/// <summary>What a client needs of an HTTP/1.1 answer's head.</summary>
/// <param name="Status">HTTP status; 0 when the head makes no sense.</param>
/// <param name="BodyBytes">Content-Length; -1 when there is none.</param>
/// <param name="IsHit">Whether <c>x-cache</c> is HIT.</param>
/// <param name="IsLast">Whether the server takes no more requests on the connection.</param>
internal readonly record struct AnswerHead(int Status, long BodyBytes, bool IsHit, bool IsLast = false)
{
    private const int StatusAt = 9;

    private static ReadOnlySpan<byte> Close => "close"u8;

    /// <summary>Reads a head, up to and without its empty line.</summary>
    public static AnswerHead Parse(ReadOnlySpan<byte> head)
    {
        if (head.Length < StatusAt + 3 || !head.StartsWith("HTTP/1.1 "u8) || !Utf8Parser.TryParse(head.Slice(StatusAt, 3), out int status, out _))
        {
            return default;
        }

        long bodyBytes = -1;
        bool isHit = false;
        bool isLast = false;
        int lineEnd;
        ReadOnlySpan<byte> rest = head;
        while ((lineEnd = rest.IndexOf("\r\n"u8)) >= 0)
        {
            rest = rest[(lineEnd + 2)..];
            if (ValueOf(rest, "content-length:"u8, out ReadOnlySpan<byte> length))
            {
                bodyBytes = Utf8Parser.TryParse(length, out long bytes, out _) ? bytes : -1;
            }
            else if (ValueOf(rest, "x-cache:"u8, out ReadOnlySpan<byte> cache))
            {
                isHit = cache.StartsWith("HIT"u8);
            }
            else if (ValueOf(rest, "connection:"u8, out ReadOnlySpan<byte> connection))
            {
                isLast = connection.Length >= Close.Length && System.Text.Ascii.EqualsIgnoreCase(connection[..Close.Length], Close);
            }
        }

        return new AnswerHead(status, bodyBytes, isHit, isLast);
    }

    private static bool ValueOf(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        bool isIt = line.Length > name.Length && System.Text.Ascii.EqualsIgnoreCase(line[..name.Length], name);
        value = isIt ? line[name.Length..].TrimStart((byte)' ') : default;
        return isIt;
    }
}
